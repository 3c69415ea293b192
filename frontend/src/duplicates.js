// The desk of duplicates by keyboard: an answer by its key, lines by the arrows, a side by 1 and 2.
import { isTyping, letters } from "./keys.js";

const desk = () => document.querySelector("[data-duplicates]");
const radios = () => [...desk().querySelectorAll("input[type=radio]")];

const press = (key) => {
  const button = [...desk().querySelectorAll("[data-answer]")].find((one) => one.dataset.answer === key && !one.disabled);
  button?.click();
  return Boolean(button);
};

/** The line whose radio has the focus, else the first one that can be chosen. */
const lineOf = (names) => {
  const at = names.indexOf(document.activeElement?.name);
  return at < 0 ? 0 : at;
};

const move = (step) => {
  const names = [...new Set(radios().map((one) => one.name))];
  if (!names.length) return false;
  const here = names.includes(document.activeElement?.name);
  const next = here ? Math.min(names.length - 1, Math.max(0, lineOf(names) + step)) : 0;
  radios().find((one) => one.name === names[next] && one.checked)?.focus();
  return true;
};

const choose = (side) => {
  const names = [...new Set(radios().map((one) => one.name))];
  const radio = radios().find((one) => one.name === names[lineOf(names)] && one.value === side);
  if (!radio) return false;
  radio.click();
  radio.focus();
  return true;
};

const answered = (event) => {
  const found = letters(event);
  if (event.ctrlKey || event.metaKey) return found.includes("z") && press("ctrl z");
  if (event.altKey) return false;
  if (event.key === "Enter") return !event.target.closest("a, button, select") && press("enter");
  if (event.key === "ArrowRight") return press("arrowright");
  if (event.key === "ArrowDown") return move(1);
  if (event.key === "ArrowUp") return move(-1);
  if (event.key === "1") return choose("this");
  if (event.key === "2") return choose("other");
  return ["c", "r"].some((key) => (event.key.toLowerCase() === key || twin(key) === event.key.toLowerCase()) && press(key));
};

// «С» and «Р» are read by what they look like, which is another key than in the Latin layout.
const twin = (key) => ({ c: "с", r: "р" })[key];

/** What will be, beside what was chosen. */
const tell = (event) => {
  const row = event.target.closest?.(".v-mtable tr");
  if (!row || event.target.type !== "radio") return;
  for (const cell of row.querySelectorAll("td")) cell.classList.toggle("is-pick", Boolean(cell.querySelector("input:checked")));
  row.querySelector("[data-result]").textContent = event.target.closest("label").textContent.trim();
};

export const startDuplicates = () => {
  document.addEventListener("change", tell);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !desk() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (answered(event)) event.preventDefault();
  }, { capture: true });
};
