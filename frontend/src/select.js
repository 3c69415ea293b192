// Choosing rows or tiles and doing one thing to all of them. [data-picks] holds [data-pick="id"] elements, each may have a
// [data-check]; #bulk is the docked bar. Shift takes a range, the head's box all that is loaded, the bar's link the whole filter.
import htmx from "htmx.org";
import { isTyping, letters } from "./keys.js";
import { say } from "./words.js";

const chosen = new Map(); // id → amount
let everything = false;
let column = null; // the button of a column that is chosen whole: then `everything` is all of it
let last; // where a range starts

const bar = () => document.getElementById("bulk");
const items = () => [...document.querySelectorAll("[data-picks] [data-pick]")];
const idOf = (item) => item.dataset.pick;
const formOf = () => document.getElementById("bulk-form");

const put = (item, on) => {
  if (on) chosen.set(idOf(item), Number(item.dataset.amount ?? 0));
  else chosen.delete(idOf(item));
};

/** Take the item; with `range` everything between it and the last one too. */
const take = (item, { range = false, on = !chosen.has(idOf(item)) } = {}) => {
  everything = false;
  column = null;
  const all = items();
  const from = range && last ? all.findIndex((other) => idOf(other) === last) : -1;
  const to = all.indexOf(item);
  const group = from < 0 ? [item] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of group) put(one, on);
  last = idOf(item);
  changed();
};

const clear = () => {
  chosen.clear();
  everything = false;
  column = null;
  last = undefined;
  changed();
};

/** What is chosen, onto the page: boxes, rows, the bar, and the preview that stands open. */
const changed = () => {
  dress();
  const form = formOf();
  if (!form) return;
  for (const [name, value] of Object.entries(selection())) form.elements[name].value = value;
  if (chosen.size || everything) htmx.trigger(form, "bulk:chosen");
  else shut();
};

const dress = () => {
  const all = items();
  for (const item of all) {
    const on = (everything && isWithin(item)) || chosen.has(idOf(item));
    item.classList.toggle("is-picked", on);
    check(item.querySelector("[data-check]"), on);
  }
  const picked = all.filter((item) => item.classList.contains("is-picked")).length;
  const head = document.querySelector("[data-check-all]");
  check(head, all.length > 0 && picked === all.length);
  if (head) head.indeterminate = picked > 0 && picked < all.length;
  tell();
};

const isWithin = (item) => !column || item.closest("[data-column]")?.dataset.column === column.dataset.pickOf;

// a box ticked here is not something typed: its row may still be renewed
const check = (box, on) => {
  if (box) box.defaultChecked = box.checked = on;
};

const tell = () => {
  const dock = bar();
  if (!dock) return;
  const some = chosen.size > 0 || everything;
  dock.hidden = !some && !dock.querySelector("#bulk-pre:not([hidden])");
  dock.querySelector("[data-bulk-some]").hidden = everything || !chosen.size;
  dock.querySelector("[data-bulk-whole]").hidden = !everything || Boolean(column);
  const whole = dock.querySelector("[data-bulk-column]");
  whole.hidden = !column;
  whole.textContent = column?.dataset.pickText ?? "";
  const all = dock.querySelector("[data-bulk-all]");
  if (all) all.hidden = everything || !chosen.size;
  dock.querySelector("[data-bulk-count]").textContent = chosen.size;
  const sum = [...chosen.values()].reduce((total, amount) => total + amount, 0);
  dock.querySelector("[data-bulk-sum]").textContent = sum ? ` ${say("bulk.sum", { sum: sum.toLocaleString("ru") })}` : "";
  for (const button of dock.querySelectorAll("[data-bulk-kind]")) button.disabled = !some;
};

const selection = () => {
  const { place } = bar().dataset;
  const query = column?.dataset.pickAll ?? bar().dataset.query;
  return { ids: everything ? "" : [...chosen.keys()].join(","), everything: everything ? "1" : "", place, query };
};

const open = (button) => {
  for (const other of bar().querySelectorAll("[data-bulk-kind]")) other.setAttribute("aria-expanded", other === button);
  htmx.ajax("POST", bar().dataset.bulk, { target: "#bulk-pre", swap: "outerHTML", values: { kind: button.dataset.bulkKind, ...selection() } });
};

/** Away with the preview or with what is left of an act that has ended. */
const shut = () => {
  for (const button of bar()?.querySelectorAll("[data-bulk-kind]") ?? []) button.setAttribute("aria-expanded", "false");
  const pre = bar()?.querySelector("#bulk-pre");
  if (pre) {
    pre.replaceChildren();
    pre.hidden = true;
  }
  tell();
};

const onClick = (event) => {
  const { target } = event;
  const box = target.closest?.("[data-check]");
  if (box) return take(box.closest("[data-pick]"), { range: event.shiftKey, on: box.checked });
  const button = target.closest?.("[data-bulk-kind]");
  if (button) return open(button);
  if (target.closest?.("[data-bulk-clear]")) return clear(), shut();
  if (target.closest?.("[data-bulk-all]")) {
    [everything, column] = [true, null];
    return changed();
  }
  const whole = target.closest?.("[data-pick-all]");
  if (whole) {
    chosen.clear();
    [everything, column] = [true, whole];
    return changed();
  }
  const toggle = target.closest?.("[data-pick-mode]");
  if (toggle) return mode(toggle);
  return undefined;
};

/** On a board tiles have no boxes: Ctrl takes one, and so does a plain click while choosing. */
const onTile = (event) => {
  const tile = event.target.closest?.("[data-board] [data-pick]");
  const choosing = tile?.closest("[data-board]").classList.contains("is-choosing");
  if (!tile || event.button !== 0 || event.target.closest("button, input, select, textarea")) return;
  if (!choosing && !((event.ctrlKey || event.metaKey) && !event.target.closest("a"))) return;
  event.preventDefault();
  event.stopPropagation();
  take(tile, { range: event.shiftKey });
};

const mode = (toggle) => {
  const on = toggle.getAttribute("aria-pressed") !== "true";
  toggle.setAttribute("aria-pressed", on);
  document.querySelector("[data-board]")?.classList.toggle("is-choosing", on);
  if (!on) clear();
};

const onKey = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
  if (event.key === "Escape" && bar() && !bar().hidden) {
    event.preventDefault();
    clear();
    return shut();
  }
  const item = event.target.closest?.("[data-pick]");
  if (!item || isTyping(event.target) || !letters(event).includes("x")) return undefined;
  event.preventDefault();
  return take(item, { range: event.shiftKey });
};

export const startSelect = () => {
  if (!bar()) return;
  document.addEventListener("click", onTile, true);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-check-all]")) return;
    everything = false;
    for (const item of items()) put(item, target.checked);
    changed();
  });
  for (const name of ["live:swapped", "htmx:afterSettle"]) document.addEventListener(name, dress);
  // an act has begun: what was chosen for it is let go, its progress stays in the bar
  document.addEventListener("bulk:begun", () => {
    for (const button of bar().querySelectorAll("[data-bulk-kind]")) button.setAttribute("aria-expanded", "false");
    clear();
  });
};
