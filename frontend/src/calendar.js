// The calendar by hand: things are dragged to another time, day or person, pulled longer, and drawn over an empty place.
// Mouse at once, touch after a long press, keyboard with Alt and arrows. Columns are [data-col], cells of a month [data-cell].
import htmx from "htmx.org";
import { clock, minutesOf, root, show, stateOf } from "./calendarparts.js";
import { change, grip, startSaving } from "./calendarsave.js";

const SNAP = 15;
const DAY = 1440;
const USUAL = 30;
const FAR = 4; // pixels that make a press a drag
const LONG = 350; // ms of a finger lying still
const SETTLE = 500; // ms after the last key before it is sent

let drag = null;
let justDragged = false;

const snap = (minutes) => Math.round(minutes / SNAP) * SNAP;
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

const minuteAt = (column, y) => {
  const box = column.getBoundingClientRect();
  return ((y - box.top) / box.height) * DAY;
};

const under = (x, y, selector) => document.elementsFromPoint(x, y).find((element) => element.matches(selector));

const begin = (kind, { event, column, x, y }) => {
  grip(true);
  const grab = event && column && kind === "move" && event.dataset.at ? minuteAt(column, y) - minutesOf(event.dataset.at) : 0;
  drag = { kind, event, column, grab, state: event ? stateOf(event) : null, from: event ? JSON.stringify(stateOf(event)) : "", y0: y };
  event?.classList.add("is-drag");
  if (kind === "draw") {
    const start = clamp(Math.floor(minuteAt(column, y) / SNAP) * SNAP, 0, DAY - SNAP);
    drag.ghost = Object.assign(document.createElement("div"), { className: "v-cal-ghost v-num" });
    drag.state = { day: column.dataset.day, start, minutes: USUAL, person: column.dataset.person };
    drag.anchor = start;
    column.append(drag.ghost);
    paintGhost();
  }
  follow(x, y);
};

const paintGhost = () => {
  const { ghost, state } = drag;
  ghost.style.setProperty("--s", state.start);
  ghost.style.setProperty("--d", state.minutes);
  ghost.textContent = `${clock(state.start)}–${clock(state.start + state.minutes)}`;
};

const follow = (x, y) => {
  const { kind, event, state } = drag;
  if (kind === "draw") {
    const at = snap(minuteAt(drag.column, y));
    if (Math.abs(y - drag.y0) > FAR) {
      state.start = clamp(Math.min(drag.anchor, at), 0, DAY - SNAP);
      state.minutes = clamp(Math.abs(at - drag.anchor), SNAP, DAY - state.start);
    }
    return paintGhost();
  }
  if (kind === "grow") {
    state.minutes = clamp(snap(minuteAt(event.parentElement, y)) - state.start, SNAP, DAY - state.start);
    return show(event, state);
  }
  return moveOver(x, y);
};

const moveOver = (x, y) => {
  const { event, state } = drag;
  const cell = under(x, y, "[data-cell]");
  for (const other of document.querySelectorAll(".v-cal-cell.is-over")) if (other !== cell) other.classList.remove("is-over");
  if (cell) {
    cell.classList.add("is-over");
    state.day = cell.dataset.day;
    return;
  }
  const column = under(x, y, "[data-col]");
  if (!column) return;
  state.day = column.dataset.day;
  if (column.dataset.person) state.person = column.dataset.person;
  state.start = clamp(snap(minuteAt(column, y) - drag.grab), 0, DAY - SNAP);
  show(event, state);
};

const end = () => {
  const { kind, event, state, from, ghost } = drag;
  drag = null;
  document.querySelector(".v-cal-cell.is-over")?.classList.remove("is-over");
  event?.classList.remove("is-drag");
  ghost?.remove();
  if (kind !== "draw" && JSON.stringify(state) !== from) change(event, state);
  grip(false);
  if (kind === "draw") ask(state);
};

const cancel = () => {
  const { event, ghost } = drag;
  drag = null;
  ghost?.remove();
  event?.classList.remove("is-drag");
  grip(false);
  htmx.trigger(document.body, "tasks-changed");
};

/** The dialog of a new task at that time. */
const ask = ({ day, start, minutes, person }) => {
  const query = new URLSearchParams({ due_at: `${day}T${clock(start)}`, minutes });
  if (person) query.set("responsible", person);
  const url = document.querySelector("[data-new]").dataset.new;
  htmx.ajax("GET", `${url}?${query}`, { target: "#dialogs", swap: "innerHTML" });
};

const onDown = (down) => {
  if (drag || down.button !== 0 || !down.target.closest?.("[data-calendar]")) return;
  const event = down.target.closest("[data-ev]");
  const column = down.target.closest("[data-col]");
  // a finger on an empty place scrolls; its tap is a click
  if (event ? !event.dataset.move : !column || down.pointerType !== "mouse") return;
  const kind = !event ? "draw" : down.target.closest("[data-grip]") ? "grow" : "move";
  const start = { event, column, x: down.clientX, y: down.clientY };
  const waits = down.pointerType === "mouse" || kind === "grow" ? null : setTimeout(() => begin(kind, start), LONG);
  const onMove = (move) => {
    if (drag) {
      move.preventDefault();
      return follow(move.clientX, move.clientY);
    }
    if (Math.hypot(move.clientX - start.x, move.clientY - start.y) < FAR) return undefined;
    if (waits) return off(); // the finger scrolls
    begin(kind, start);
    return follow(move.clientX, move.clientY);
  };
  const off = () => {
    clearTimeout(waits);
    removeEventListener("pointermove", onMove);
    removeEventListener("pointerup", onUp);
    removeEventListener("pointercancel", onCancel);
  };
  const onUp = () => {
    off();
    if (!drag) return;
    justDragged = true;
    setTimeout(() => (justDragged = false), 0);
    end();
  };
  const onCancel = () => {
    off();
    if (drag) cancel();
  };
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", onUp);
  addEventListener("pointercancel", onCancel);
};

/** A click on an empty place asks for a new task there; the click that ends a drag does nothing. */
const onClick = (event) => {
  if (!event.target.closest?.("[data-calendar]")) return;
  if (justDragged) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (event.target.matches("[data-col]")) {
    const start = clamp(Math.floor(minuteAt(event.target, event.clientY) / USUAL) * USUAL, 0, DAY - USUAL);
    ask({ day: event.target.dataset.day, start, minutes: USUAL, person: event.target.dataset.person });
  } else if (event.target.matches("[data-cell]")) {
    ask({ day: event.target.dataset.day, start: 10 * 60, minutes: USUAL });
  }
};

const moved = (date, days) => {
  const next = new Date(`${date}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + days);
  return next.toISOString().slice(0, 10);
};

const neighbour = (event, by) => {
  const columns = [...document.querySelectorAll("[data-col]")];
  const here = columns.findIndex((column) => column.dataset.day === event.dataset.day && (!column.dataset.person || column.dataset.person === event.dataset.person));
  return columns[here + by];
};

/** What an arrow makes of a thing: null when it can't. */
const keyed = (event, { key, shiftKey }) => {
  const state = stateOf(event);
  const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[key];
  const across = key === "ArrowLeft" || key === "ArrowRight";
  if (document.querySelector("[data-month]")) return { ...state, day: moved(state.day, across ? by : by * 7) };
  if (across) {
    const column = neighbour(event, by);
    if (!column) return document.querySelector("[data-hours].is-team") ? null : { ...state, day: moved(state.day, by) };
    return { ...state, day: column.dataset.day, person: column.dataset.person || state.person };
  }
  if (state.start === null) return null;
  if (shiftKey) return "grows" in event.dataset ? { ...state, minutes: clamp(state.minutes + by * SNAP, SNAP, DAY - state.start) } : null;
  return { ...state, start: clamp(state.start + by * SNAP, 0, DAY - SNAP) };
};

const onKey = (press) => {
  const event = press.target.closest?.("[data-ev]");
  if (drag && press.key === "Escape") cancel();
  if (!event || !press.key.startsWith("Arrow") || press.ctrlKey || press.metaKey) return;
  press.preventDefault();
  if (!press.altKey) walk(event, press.key);
  const next = press.altKey && event.dataset.move ? keyed(event, press) : null;
  if (!next) return;
  change(event, next, SETTLE);
  event.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const walk = (event, key) => {
  const all = [...document.querySelectorAll("[data-ev]")].filter((one) => one.offsetParent !== null);
  all[clamp(all.indexOf(event) + (key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1), 0, all.length - 1)]?.focus();
};

/** The line of now walks on; the hours of work are in view. */
const tick = () => {
  for (const line of document.querySelectorAll("[data-now]")) line.style.setProperty("--s", Number(line.style.getPropertyValue("--s")) + 1);
};

const look = () => {
  const hours = document.querySelector("[data-hours]");
  if (!hours) return;
  const first = Math.min(...[...hours.querySelectorAll("[data-col] > [data-ev]")].map((event) => minutesOf(event.dataset.at)), 9 * 60);
  const column = hours.querySelector("[data-col]");
  if (column) hours.scrollTop = (Math.max(first - 30, 0) / DAY) * column.offsetHeight;
};

export const startCalendar = () => {
  if (!root()) return;
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => drag && event.preventDefault());
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey);
  startSaving();
  setInterval(tick, 60_000);
  look();
};
