// New times of things on their way to the server: in the order of the hand, and never undone by what is drawn meanwhile.
import htmx from "htmx.org";
import { clock, root, show } from "./calendarparts.js";
import { fireTriggers, send } from "./http.js";
import { fail } from "./toast.js";

let inHand = false;

/** While something is dragged or on its way, live updates wait. */
const mark = () => {
  if (inHand || wanted.size) return root()?.setAttribute("data-busy", "");
  if (!root()?.hasAttribute("data-busy")) return undefined;
  root().removeAttribute("data-busy");
  return document.dispatchEvent(new CustomEvent("live:free"));
};

export const grip = (on) => {
  inHand = on;
  mark();
};

/** Where things shall be, while the server does not know it yet: id → {state, url, grows, timer}. */
const wanted = new Map();
let sending = Promise.resolve(); // one after another, in the order of the hand

const place = (event, state) => {
  const { day, start, minutes, person } = state;
  Object.assign(event.dataset, { day, at: start === null ? "" : clock(start), minutes, person });
  show(event, state);
};

/** The thing is there from now on, sent after a while; what is done to it meanwhile starts from here. */
export const change = (event, state, after = 0) => {
  place(event, state);
  clearTimeout(wanted.get(event.id)?.timer);
  const go = () => (sending = sending.then(() => save(event.id)));
  const one = { state, url: event.dataset.move, grows: "grows" in event.dataset };
  wanted.set(event.id, one);
  mark();
  if (after) one.timer = setTimeout(go, after);
  else go();
};

/** Send the new time; the calendar asks itself anew either way. */
const save = async (id) => {
  const one = wanted.get(id);
  if (!one) return;
  const { state, url, grows } = one;
  const fields = { at: state.start === null ? state.day : `${state.day}T${clock(state.start)}` };
  if (grows) {
    fields.minutes = state.minutes;
    if (state.person) fields.responsible = state.person;
  }
  const answer = await send(url, { method: "PUT", fields });
  if (wanted.get(id) === one) wanted.delete(id);
  mark();
  if (answer.ok) fireTriggers(answer.headers);
  else {
    fail(answer);
    htmx.trigger(document.body, "tasks-changed");
  }
};

/** Drawn anew from the server: what it does not know yet stays where the hand has put it. */
const redrawn = () => {
  for (const [id, { state }] of wanted) {
    const event = document.getElementById(id);
    if (event) place(event, state);
  }
  mark();
};

export const startSaving = () => {
  for (const name of ["htmx:afterSettle", "live:swapped"]) document.addEventListener(name, redrawn);
};
