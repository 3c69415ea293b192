// Fields edited in place: text until touched, an input in the same box, saved on leaving, «Return …» for ten seconds.
import { closeDialog, openDialog } from "./dialog.js";
import { fireTriggers, reason, send } from "./http.js";
import { icon } from "./icon.js";
import { makeLookup } from "./lookup.js";
import { makeMany } from "./many.js";
import { apply, parse } from "./partials.js";
import { say } from "./words.js";

const UNDO_FOR = 10_000;
const EDITED = "[data-field]:is([data-url], .v-cell)";
const TYPES = { number: "text", money: "text", date: "date", time: "time", datetime: "datetime-local", email: "email", phone: "tel", text: "text" };
const MODES = { number: "numeric", money: "decimal" };

/** A cell of a list says only what is its own; how its column is edited is told by the head, where to send it by the row. */
const complete = (cell) => {
  if (cell.dataset.url) return;
  const { kind, label, optionsOf = cell.dataset.optionsOf } = document.getElementById(`col-${cell.dataset.field}`).dataset;
  const url = cell.closest("[data-live-url]").dataset.liveUrl.replace("/row?", "/cell?");
  Object.assign(cell.dataset, { url, kind, label, version: cell.dataset.value, ...(optionsOf && { optionsOf }) });
};

const open = (field) => {
  if (field.dataset.busy) return;
  complete(field);
  if (field.dataset.kind === "checkbox") return toggle(field);
  const before = field.innerHTML;
  const input = makeInput(field);
  field.dataset.busy = "edit";
  field.classList.add("is-edit");
  field.removeAttribute("role");
  field.tabIndex = -1;
  field.replaceChildren(input);
  note(field, "");
  input.focus();
  input.select?.();
  const session = { field, input, before, closing: false };
  input.addEventListener("keydown", (event) => onKey(event, session));
  input.addEventListener("focusout", () => setTimeout(() => leave(session), 0));
  if (input.tagName === "SELECT") input.addEventListener("change", () => leave(session));
  if (input.dataset.lookup) input.addEventListener("change", () => onChosen(session));
};

const makeInput = (field) => {
  const { kind = "text", value = "", label = "", options } = field.dataset;
  if (kind === "select") return makeSelect(JSON.parse(options ?? document.getElementById(field.dataset.optionsOf).textContent), value, label, field.textContent.trim());
  if (kind === "client") return makeLookup("/clients/options", value, field.textContent.trim(), label);
  if (kind === "many") return makeMany(JSON.parse(options), value, label);
  const input = document.createElement(kind === "textarea" ? "textarea" : "input");
  if (kind !== "textarea") input.type = TYPES[kind] ?? "text";
  if (MODES[kind]) input.inputMode = MODES[kind];
  if (kind === "textarea") input.rows = 3;
  input.className = "form-control";
  input.value = value;
  input.setAttribute("aria-label", label);
  if (field.dataset.hint) input.placeholder = field.dataset.hint;
  return input;
};

const makeSelect = (options, value, label, shown) => {
  const select = document.createElement("select");
  select.className = "form-select form-control";
  select.setAttribute("aria-label", label);
  const known = options.some(([key]) => String(key) === value);
  // what is no longer offered stays until one chooses something else
  if (!known) select.append(new Option(value && shown, value, true, true));
  for (const [key, title] of options) select.append(new Option(title, key, false, String(key) === value));
  return select;
};

const onKey = (event, session) => {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    restore(session);
  } else if (event.key === "Enter" && (session.input.tagName !== "TEXTAREA" || event.ctrlKey)) {
    event.preventDefault();
    session.byKey = true;
    leave(session);
  }
};

const onChosen = (session) => {
  session.byKey = true;
  leave(session);
};

const shut = ({ field }) => {
  field.classList.remove("is-edit");
  delete field.dataset.busy;
  field.setAttribute("role", "button");
  field.tabIndex = 0;
};

const restore = (session) => {
  if (session.closing) return;
  session.closing = true;
  session.field.innerHTML = session.before;
  shut(session);
  note(session.field, "");
  session.field.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("live:free"));
};

const leave = async (session) => {
  const { field, input } = session;
  if (session.closing || !input.isConnected) return;
  if (input.contains(document.activeElement) && !session.byKey && input.tagName !== "SELECT") return;
  if (input.value === field.dataset.value) return restoreQuietly(session);
  session.closing = true;
  await save(session, input.value);
};

const restoreQuietly = (session) => {
  const focused = document.activeElement === session.input;
  session.closing = true;
  session.field.innerHTML = session.before;
  shut(session);
  note(session.field, "");
  if (focused) session.field.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("live:free"));
};

const save = async (session, value) => {
  const { field, input } = session;
  const old = { value: field.dataset.value, text: plain(session.before) };
  input.readOnly = true;
  const saving = setTimeout(() => note(field, say("field.saving")), 300);
  const answer = await patch(field, value, field.dataset.version);
  clearTimeout(saving);
  input.readOnly = false;
  if (answer.ok) return saved(session, answer, old);
  session.closing = false;
  session.byKey = false;
  if (answer.status === 422) return wrong(session, answer);
  if (answer.status === 409 && answer.json) {
    const { conflict: pairs } = answer.json;
    const [theirs] = pairs?.[field.dataset.field] ?? Object.values(pairs ?? {})[0] ?? [];
    if ("theirs" in answer.json) return conflict(session, answer.json);
    if (pairs) return conflict(session, { theirs: theirs ?? "", version: "" });
  }
  return wrong(session, { json: { errors: { [field.dataset.field]: reason(answer) } } });
};

const patch = (field, value, version) => send(field.dataset.url, { method: "PATCH", fields: { [field.dataset.field]: value, version: version ?? "", seen: field.dataset.value ?? "" } });

const saved = (session, answer, old) => {
  const { field } = session;
  const focused = field.contains(document.activeElement);
  shut(session);
  session.field.innerHTML = session.before;
  put(field, answer);
  const now = document.getElementById(field.id) ?? field;
  if (focused) now.focus({ preventScroll: true });
  offerUndo(now, old);
  document.dispatchEvent(new CustomEvent("live:free"));
};

const put = (field, answer) => {
  if (!answer.text) return;
  const own = parse(answer.text).querySelector(`#${CSS.escape(field.id)}`);
  if (own && field.isConnected) field.replaceWith(own);
  apply(answer.text);
  fireTriggers(answer.headers);
};

const wrong = ({ field, input }, { json, text }) => {
  const message = json?.errors?.[field.dataset.field] ?? Object.values(json?.errors ?? {})[0] ?? json?.reason ?? (text?.includes("<") ? "" : text);
  const id = `${field.id}-err`;
  input.classList.add("is-invalid");
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  note(field, message, { id, tone: "v-err", mark: icon("alert-circle") });
  input.focus();
};

/** Somebody changed it meanwhile: both values, one choice; in a dialog where the page has one. */
const conflict = (session, { theirs, theirs_text: theirsText, version, dialog }) => {
  const { field, input } = session;
  const mine = input.value;
  const text = theirsText || theirs || say("field.empty");
  const keep = () => {
    field.dataset.value = theirs ?? "";
    field.dataset.version = version ?? "";
    session.before = escaped(text);
    session.closing = false;
    restore(session);
  };
  const write = () => {
    field.dataset.version = version ?? "";
    field.dataset.value = theirs ?? "";
    session.closing = true;
    save(session, mine);
  };
  session.closing = true;
  note(field, "");
  if (dialog) return choose(session, dialog, { theirs: keep, mine: write });
  const line = note(field, say("field.theirs", { value: text }), { tone: "v-err v-wrap" });
  line.append(action(say("field.keep_theirs", { value: text }), keep), action(say("field.put_mine", { value: mine }), write));
  return undefined;
};

const choose = (session, html, does) => {
  session.chosen = false;
  const dialog = openDialog(html);
  dialog.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-choice]")?.dataset.choice;
    if (!choice) return;
    session.chosen = true;
    closeDialog(dialog);
    does[choice]();
  });
  dialog.addEventListener("dialog:cancel", () => {
    if (session.chosen) return;
    session.closing = false;
    session.input.focus();
  });
};

const offerUndo = (field, old) => {
  const line = note(field, say("field.saved"), { mark: tick() });
  line.append(
    action(say("field.undo", { value: old.text || say("field.empty") }), async () => {
      const answer = await patch(field, old.value, field.dataset.version);
      line.remove();
      if (answer.ok) put(field, answer);
      else note(field, reason(answer), { tone: "v-err" });
      (document.getElementById(field.id) ?? field).focus({ preventScroll: true });
    }),
  );
  setTimeout(() => line.matches(":focus-within") || line.remove(), UNDO_FOR);
};

const toggle = async (field) => {
  const old = { value: field.dataset.value, text: field.textContent.trim() };
  field.dataset.busy = "save";
  const answer = await patch(field, field.dataset.value === "true" ? "false" : "true", field.dataset.version);
  delete field.dataset.busy;
  if (!answer.ok) return note(field, answer.json?.errors?.[field.dataset.field] ?? reason(answer), { tone: "v-err" });
  put(field, answer);
  return offerUndo(document.getElementById(field.id) ?? field, old);
};

/** The line under a field: saving, saved, error. An empty text takes it away. */
const note = (field, text, { id = "", tone = "v-saved", mark = null } = {}) => {
  const known = document.querySelector(`[data-note-of="${CSS.escape(field.id)}"]`);
  known?.remove();
  if (!text) return null;
  const line = document.createElement("p");
  line.className = tone;
  if (id) line.id = id;
  line.dataset.noteOf = field.id;
  line.setAttribute("role", tone.startsWith("v-err") ? "alert" : "status");
  if (mark) line.append(mark);
  line.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (field.tagName === "TD") field.append(line);
  else field.after(line);
  return line;
};

const action = (text, run) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "v-link", textContent: text });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", run);
  return button;
};

const tick = () => {
  const mark = icon("check");
  mark.classList.add("v-plan");
  return mark;
};

const plain = (html) => parse(html).textContent.trim();
const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

export const startInplace = () => {
  document.addEventListener("click", (event) => {
    const field = event.target.closest?.(EDITED);
    if (field && !event.target.closest("a, button, input, select, textarea") && !getSelection()?.toString()) open(field);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches?.(EDITED) ? event.target : null;
    if (!field || (event.key !== "Enter" && event.key !== " ") || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    open(field);
  });
};
