// A tile changed where it stands: the pen, the key E or a click on what it shows puts a small form into it; Enter saves, Escape leaves.
import htmx from "htmx.org";
import { tileOf } from "./boardparts.js";
import { clearRefusal, refuse } from "./carry.js";
import { fireTriggers, reason, send } from "./http.js";
import { isTyping, letters } from "./keys.js";
import { apply, parse } from "./partials.js";

const formOf = (tile) => tile.querySelector(":scope > [data-quick-form]");

/** Put the form into the tile; `part` names the input that gets the focus. */
const open = async (tile, part = "") => {
  if (tile.dataset.busy || !tile.dataset.quick) return;
  tile.dataset.busy = "edit";
  clearRefusal();
  const answer = await send(tile.dataset.quick);
  if (!tile.isConnected) return;
  if (!answer.ok) {
    delete tile.dataset.busy;
    refuse(tile, { reason: reason(answer) });
    return;
  }
  tile.classList.add("is-editing");
  tile.append(parse(answer.text));
  focus(formOf(tile), part);
};

const focus = (form, part = "") => {
  const field = form.querySelector('[aria-invalid="true"]') ?? form.elements[part] ?? form.querySelector("input:not([type=hidden]), select");
  field?.focus();
  if (field?.type === "text") field.select();
  form.scrollIntoView({ block: "nearest" });
};

const close = (tile) => {
  formOf(tile)?.remove();
  tile.classList.remove("is-editing");
  delete tile.dataset.busy;
  tile.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("live:free"));
};

const save = async (form) => {
  const tile = form.closest(".v-tile");
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = "";
  tile.classList.add("is-saving");
  const answer = await send(tile.dataset.quick, { method: "PUT", fields: new FormData(form) });
  tile.classList.remove("is-saving");
  delete form.dataset.sent;
  if (answer.ok) return saved(tile, answer);
  clearRefusal();
  if (answer.status === 422 && answer.text.includes("<form")) {
    form.replaceWith(parse(answer.text));
    return focus(formOf(tile));
  }
  return refuse(tile, { reason: reason(answer), rule: answer.json?.rule });
};

const saved = (tile, answer) => {
  const focused = tile.contains(document.activeElement);
  close(tile);
  apply(answer.text);
  fireTriggers(answer.headers);
  const now = tileOf(tile.dataset.deal);
  if (!now) return;
  htmx.process(now);
  if (focused) now.focus({ preventScroll: true });
};

const onClick = (event) => {
  const tile = event.target.closest?.("[data-board] .v-tile");
  if (!tile || event.ctrlKey || event.metaKey || event.shiftKey || tile.closest(".is-choosing")) return;
  if (event.target.closest("[data-quick-close]")) return close(tile);
  const part = event.target.closest("[data-quick-part]")?.dataset.quickPart;
  const pen = event.target.closest("[data-quick-open]");
  // a finger has no hover to tell it what a touch of the words would do
  if (!pen && !(part && tile.dataset.quick && matchMedia("(hover: hover)").matches)) return undefined;
  event.preventDefault();
  event.stopPropagation();
  return open(tile, part);
};

const onKey = (event) => {
  const tile = event.target.closest?.("[data-board] .v-tile");
  if (!tile || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape" && formOf(tile)) {
    event.preventDefault();
    event.stopPropagation();
    return close(tile);
  }
  if (event.target !== tile || isTyping(event.target) || !letters(event).includes("e")) return undefined;
  event.preventDefault();
  event.stopPropagation();
  return open(tile);
};

export const startQuick = () => {
  if (!document.querySelector("[data-board]")) return;
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-quick-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    save(event.target);
  }, true);
};
