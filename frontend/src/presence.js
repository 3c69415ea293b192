// Who else has this card open and which field they change. Nothing is kept on the server: pages tell each other
// over the live line, answer a newcomer, and forget whoever has been silent for a minute.
import { csrf, send } from "./http.js";
import { icon } from "./icon.js";
import { say } from "./words.js";

const EVERY = 25_000;
const SILENT = 60_000;
const SHOWN = 3;
const LATE = 3000;

const others = new Map(); // person → {name, initials, field, at}
const left = new Map(); // person → when they took leave: what they said before may come after it
let card = "";
let field = "";
let told;

const box = () => document.querySelector("[data-presence]");
const tell = (facts = {}) => card && !document.hidden && send(`/deals/${card}/presence`, { method: "POST", fields: { field, ...facts }, quiet: true });

/** The card on the page is another one, or there is none any more. */
const look = () => {
  const now = box()?.dataset.presence ?? "";
  if (now === card) return;
  leave();
  others.clear();
  card = now;
  field = "";
  tell({ hello: "1" });
};

const leave = () => {
  if (card) navigator.sendBeacon(`/deals/${card}/presence`, new URLSearchParams({ gone: "1", csrfmiddlewaretoken: csrf() }));
};

const onChange = ({ detail }) => {
  if (detail.kind !== "presence" || String(detail.card) !== card || String(detail.who) === document.body.dataset.me) return;
  if (detail.gone) {
    others.delete(detail.who);
    left.set(detail.who, Date.now());
  } else if (detail.hello || Date.now() - (left.get(detail.who) ?? 0) > LATE) {
    others.set(detail.who, { ...detail, at: Date.now() });
  }
  // not all at once
  if (detail.hello) setTimeout(tell, Math.random() * 400);
  draw();
};

const draw = () => {
  for (const [who, { at }] of others) if (Date.now() - at > SILENT) others.delete(who);
  for (const mark of document.querySelectorAll(".v-works")) mark.remove();
  const here = box();
  if (!here) return;
  const people = [...others.values()];
  here.replaceChildren(...people.slice(0, SHOWN).map(avatar));
  if (people.length) here.append(part("v-s v-sec v-not-phone", people.length > SHOWN ? `+${people.length - SHOWN}` : say("presence.looks.short")));
  for (const person of people) if (person.field) document.getElementById(`label-${person.field}`)?.append(works(person));
};

const avatar = ({ name, initials }) => named(part("v-ava is-s on", initials), say("presence.looks", { name }));

const works = ({ name, initials }) => {
  const mark = named(part("v-works", ""), say("presence.edits", { name }));
  mark.append(icon("pencil"), initials);
  return mark;
};

const named = (element, text) => {
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", text);
  element.title = text;
  return element;
};

const part = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });

const onFocus = () => {
  const now = document.activeElement?.closest?.("#card-side [data-field]");
  const key = now?.contains(document.activeElement) && now !== document.activeElement ? now.dataset.field : "";
  if (key === field) return;
  field = key;
  clearTimeout(told);
  told = setTimeout(tell, 250);
};

export const startPresence = () => {
  look();
  document.addEventListener("card:shown", look);
  document.addEventListener("card:hidden", look);
  document.addEventListener("live:change", onChange);
  document.addEventListener("live:swapped", ({ target }) => target.matches?.("#card-head, #card-side") && draw());
  document.addEventListener("focusin", onFocus);
  document.addEventListener("focusout", () => setTimeout(onFocus, 50));
  document.addEventListener("visibilitychange", () => tell({ hello: "1" }));
  addEventListener("pagehide", leave);
  setInterval(() => {
    tell();
    draw();
  }, EVERY);
};
