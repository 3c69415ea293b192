// «/» and «@» in the composer: a list over the text, found by typing, chosen by Enter. What an item does is in web/deals/words.py.
import htmx from "htmx.org";
import { send } from "./http.js";
import { move } from "./move.js";
import { toast } from "./toast.js";

const MOST = 40;
// a sign at the beginning or after a space, and up to three words after it
const TYPED = /(^|\s)([/@])((?:[^\s/@]+(?: [^\s/@]*){0,2})?)$/;

const offers = new Map(); // address → promise of {"/": [...], "@": [...]}
let open = null; // {area, list, found, at, from}

const load = (address) => {
  if (!offers.has(address)) {
    offers.set(address, send(address, { quiet: true }).then((answer) => answer.json ?? {}));
    // stages and people change: the next sign after a while asks anew
    setTimeout(() => offers.delete(address), 20_000);
  }
  return offers.get(address);
};

const matches = (item, words) => {
  const text = `${item.title} ${item.group}`.toLowerCase();
  return words.every((word) => text.split(/[\s«»"]+/).some((part) => part.startsWith(word)));
};

const look = async (area) => {
  const typed = TYPED.exec(area.value.slice(0, area.selectionStart));
  const address = area.closest("[data-words]")?.dataset.words;
  if (!typed || !address) return shut();
  const offered = await load(address);
  if (document.activeElement !== area) return shut();
  // it has been chosen: the list would offer the same once more
  if (offered[typed[2]]?.some((item) => `${item.text} ` === typed[2] + typed[3])) return shut();
  const words = typed[3].toLowerCase().split(" ").filter(Boolean);
  const found = (offered[typed[2]] ?? []).filter((item) => matches(item, words)).slice(0, MOST);
  if (!found.length) return shut();
  return show(area, found, area.selectionStart - typed[2].length - typed[3].length);
};

const show = (area, found, from) => {
  shut();
  const list = document.createElement("div");
  list.className = "v-words";
  list.id = "composer-words";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.getAttribute("aria-label"));
  list.append(...found.map(option));
  area.closest("[data-composer]").append(list);
  area.setAttribute("aria-controls", list.id);
  open = { area, list, found, from, at: 0 };
  point(0);
};

const option = (item, at) => {
  const row = document.createElement("div");
  row.className = "v-word";
  row.id = `composer-word-${at}`;
  row.setAttribute("role", "option");
  row.append(part("v-grow v-cut", item.title), part("v-s v-mute v-cut", [item.note, item.group].filter(Boolean).join(" · ")));
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", () => choose(item));
  return row;
};

const part = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });

const point = (at) => {
  const rows = [...open.list.children];
  open.at = (at + rows.length) % rows.length;
  for (const [index, row] of rows.entries()) row.setAttribute("aria-selected", String(index === open.at));
  rows[open.at].scrollIntoView({ block: "nearest" });
  open.area.setAttribute("aria-activedescendant", rows[open.at].id);
};

const shut = () => {
  if (!open) return;
  open.list.remove();
  open.area.removeAttribute("aria-activedescendant");
  open.area.removeAttribute("aria-controls");
  open = null;
};

const choose = (item) => {
  const { area, from } = open;
  shut();
  area.setRangeText(item.text ? `${item.text} ` : "", from, area.selectionStart, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  if (item.text) return area.focus();
  if (item.tab) return document.getElementById(`composer-tab-${item.tab}`)?.click();
  if (item.dialog) return htmx.ajax("GET", item.dialog, { target: "#dialogs" });
  return go(area, item);
};

const go = async (area, item) => {
  const url = area.closest("[data-words]").dataset.words.replace(/words$/, "stage");
  const result = await move(url, { stage: item.stage });
  if (result.reason) toast({ text: [result.rule, result.reason].filter(Boolean).join(": "), tone: "late" });
};

const onKey = (event) => {
  if (!open || event.target !== open.area || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return shut();
  if (step) point(open.at + step);
  else if (event.key === "Escape") shut();
  else if (event.key === "Enter" || event.key === "Tab") choose(open.found[open.at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
};

export const startCommands = () => {
  document.addEventListener("input", ({ target }) => target.matches?.("[data-words] textarea") && look(target));
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusout", ({ target }) => target === open?.area && shut());
  document.addEventListener("click", ({ target }) => {
    const area = target.closest?.("[data-slash]")?.closest("form").querySelector("textarea");
    if (!area) return;
    area.focus();
    const gap = area.selectionStart && !/\s$/.test(area.value.slice(0, area.selectionStart)) ? " /" : "/";
    area.setRangeText(gap, area.selectionStart, area.selectionEnd, "end");
    look(area);
  });
};
