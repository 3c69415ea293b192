// A client found by typing: a combobox whose value is an id. [data-lookup] holds a hidden input with the id and the box.
import { send } from "./http.js";

const WAIT = 150;

let open = null; // {box, list, at, found}
let timer;

/** An empty lookup that behaves as one input: `value` is the id, `change` tells that somebody was chosen. */
export const makeLookup = (url, value, name, label) => {
  const holder = Object.assign(document.createElement("span"), { className: "v-lookup" });
  holder.dataset.lookup = url;
  const id = Object.assign(document.createElement("input"), { type: "hidden", value });
  const box = Object.assign(document.createElement("input"), { className: "form-control", value: value && name, autocomplete: "off" });
  for (const [key, text] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-label", label]]) box.setAttribute(key, text);
  holder.append(id, box);
  // a name half typed is nobody: what stood there stays
  Object.defineProperty(holder, "value", { get: () => id.value || (box.value.trim() ? value : "") });
  holder.focus = () => box.focus();
  holder.select = () => box.select();
  return holder;
};

const holderOf = (box) => box.closest("[data-lookup]");
const idOf = (box) => holderOf(box).querySelector('input[type="hidden"]');

const ask = (box) => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const typed = box.value.trim();
    const { json } = await send(`${holderOf(box).dataset.lookup}?q=${encodeURIComponent(typed)}`, { quiet: true });
    if (!json || document.activeElement !== box || box.value.trim() !== typed) return;
    show(box, json.options, typed ? json.none : "");
  }, WAIT);
};

const show = (box, found, none) => {
  shut();
  if (!found.length && !none) return;
  const list = Object.assign(document.createElement("div"), { className: "v-lookup-list", id: "lookup-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("aria-label"));
  list.append(...(found.length ? found.map((one, at) => option(box, one, at)) : [part("v-s v-mute v-lookup-none", none)]));
  holderOf(box).append(list);
  box.setAttribute("aria-expanded", "true");
  box.setAttribute("aria-controls", list.id);
  open = { box, list, found, at: -1 };
  if (found.length && box.value.trim()) point(0);
};

const option = (box, one, at) => {
  const row = part("v-word", "");
  row.id = `lookup-${at}`;
  row.setAttribute("role", "option");
  row.append(part("v-grow v-cut", one.title), part("v-s v-mute", one.note));
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", () => choose(box, one));
  return row;
};

const part = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });

const point = (at) => {
  const rows = [...open.list.querySelectorAll('[role="option"]')];
  if (!rows.length) return;
  open.at = (at + rows.length) % rows.length;
  for (const [index, row] of rows.entries()) row.setAttribute("aria-selected", String(index === open.at));
  rows[open.at].scrollIntoView({ block: "nearest" });
  open.box.setAttribute("aria-activedescendant", rows[open.at].id);
};

const shut = () => {
  clearTimeout(timer);
  if (!open) return;
  open.list.remove();
  open.box.setAttribute("aria-expanded", "false");
  for (const name of ["aria-controls", "aria-activedescendant"]) open.box.removeAttribute(name);
  open = null;
};

const choose = (box, { id, title }) => {
  shut();
  box.value = title;
  idOf(box).value = id;
  holderOf(box).dispatchEvent(new Event("change", { bubbles: true }));
};

const onKey = (event) => {
  if (!open || event.target !== open.box || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) point(open.at < 0 && step < 0 ? -1 : open.at + step);
  else if (event.key === "Escape") shut();
  else if (event.key === "Enter" && open.found[open.at]) choose(open.box, open.found[open.at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
};

export const startLookup = () => {
  const isBox = (target) => target.matches?.('[data-lookup] [role="combobox"]');
  document.addEventListener("input", ({ target }) => {
    if (!isBox(target)) return;
    // what is typed over a name is nobody until somebody is chosen
    idOf(target).value = "";
    ask(target);
  });
  document.addEventListener("focusin", ({ target }) => isBox(target) && !target.value && ask(target));
  document.addEventListener("focusout", ({ target }) => target === open?.box && shut());
  // a change of the text alone is not yet a choice
  document.addEventListener("change", (event) => isBox(event.target) && event.stopPropagation(), true);
  document.addEventListener("keydown", onKey, true);
};
