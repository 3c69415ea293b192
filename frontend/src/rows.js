// Lists worked by keyboard: [data-list] with [data-row]. Arrows or j and k walk, Space presses [data-done],
// Enter opens the row's first link, other keys press [data-row-key] inside the row or open a dialog of data-row-dialogs="key=address …",
// a digit is sent to the address of data-row-digits. The chosen row survives a refresh of the list.
import htmx from "htmx.org";
import { fireTriggers, send } from "./http.js";
import { isTyping, letters } from "./keys.js";
import { fail } from "./toast.js";

let opening = false; // a dialog is on its way: what is typed meanwhile is not for the row
const places = new WeakMap(); // list → {id, index} of the chosen row

const rows = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const current = (list) => list.querySelector("[data-row].is-on");

const stand = (list, row, { focus = true } = {}) => {
  for (const other of list.querySelectorAll("[data-row].is-on")) if (other !== row) other.classList.remove("is-on");
  if (!row) return;
  row.classList.add("is-on");
  places.set(list, { id: row.id, index: rows(list).indexOf(row) });
  if (!focus) return;
  row.scrollIntoView({ block: "nearest" });
  if (row.tabIndex === -1 && row.hasAttribute("tabindex") && !row.contains(document.activeElement)) row.focus({ preventScroll: true });
};

/** After the list was refreshed: the same row, or the one that took its place when it left. */
const restore = (list, hadFocus) => {
  const place = places.get(list);
  if (!place || current(list)) return;
  const all = rows(list);
  const row = (place.id && all.find((other) => other.id === place.id)) ?? all[Math.min(place.index, all.length - 1)];
  if (row) stand(list, row, { focus: hadFocus });
};

const onChanged = ({ target }) => {
  for (const list of document.querySelectorAll("main [data-list]")) {
    if (!(target instanceof Element) || (!list.contains(target) && !target.contains(list))) continue;
    restore(list, document.activeElement === document.body || list.contains(document.activeElement));
  }
};

const keyed = (row, wanted) => [...row.querySelectorAll("[data-row-key]")].find((element) => element.dataset.rowKey.split(" ").some((key) => wanted.includes(key)));

const onKey = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  if (opening || document.querySelector("dialog[open], :popover-open")) return;
  const list = event.target.closest?.("[data-list]") ?? (event.target === document.body ? document.querySelector("main [data-list]") : null);
  if (!list) return;
  // a key may fall between a refresh of the list and its restoring
  restore(list, true);
  const all = rows(list);
  const row = current(list);
  const at = all.indexOf(row);
  const wanted = letters(event);
  const onControl = event.target.matches("a, button, input");
  if (["ArrowDown", "ArrowRight"].includes(event.key) || wanted.includes("j")) go(event, list, all[Math.min(at + 1, all.length - 1)]);
  else if (["ArrowUp", "ArrowLeft"].includes(event.key) || wanted.includes("k")) go(event, list, all[Math.max(at - 1, 0)]);
  else if (row && event.key === " " && !onControl) press(event, row.querySelector("[data-done]"));
  else if (row && event.key === "Enter" && !onControl) press(event, row.querySelector("[data-card] a, a[data-card], a"));
  else if (row && /^[1-9]$/.test(event.key) && row.dataset.rowDigits) putOff(event, row);
  else if (row) press(event, keyed(row, wanted)) || openDialog(event, row, wanted);
};

const go = (event, list, row) => {
  event.preventDefault();
  stand(list, row);
};

const press = (event, element) => {
  if (!element) return false;
  event.preventDefault();
  element.click();
  return true;
};

const openDialog = (event, row, wanted) => {
  const named = (row.dataset.rowDialogs ?? "").split(" ").map((pair) => [pair[0], pair.slice(2)]);
  const [, url] = named.find(([key]) => key && wanted.includes(key)) ?? [];
  if (!url) return;
  event.preventDefault();
  opening = true;
  htmx.ajax("GET", url, { target: "#dialogs", swap: "innerHTML" }).finally(() => (opening = false));
};

const putOff = async (event, row) => {
  event.preventDefault();
  const answer = await send(row.dataset.rowDigits, { method: "PUT", fields: { preset: event.key } });
  if (answer.ok) fireTriggers(answer.headers);
  else fail(answer);
};

export const startRows = () => {
  // before the page-wide keys: a row's own key wins
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", ({ target }) => {
    const row = target.closest?.("[data-list] [data-row]");
    if (row) stand(row.closest("[data-list]"), row, { focus: false });
  });
  document.addEventListener("live:swapped", onChanged);
  document.addEventListener("live:gone", (event) => setTimeout(() => onChanged(event), 0));
  document.addEventListener("htmx:afterSettle", onChanged);
};
