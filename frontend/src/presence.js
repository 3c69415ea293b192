// Who else has this card open and which field they change. Nothing is kept on the server: pages tell each other over the
// live line and answer a newcomer. One is gone when it takes leave, when its line ends, or after a minute of silence.
import { csrf, send } from "./http.js";
import { icon } from "./icon.js";
import { page } from "./live.js";
import { say } from "./words.js";

const EVERY = 25_000;
const SILENT = 60_000;
const SHOWN = 3;
const LATE = 3000;

const others = new Map(); // page → {who, name, initials, field, at}
const left = new Map(); // page → when it took leave: what was said before may come after it
let card = "";
let field = "";
let told;

const box = () => document.querySelector("[data-presence]");
const tell = (facts = {}) => card && !document.hidden && send(`/deals/${card}/presence`, { method: "POST", fields: { field, page, ...facts }, quiet: true });

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
  if (card) navigator.sendBeacon(`/deals/${card}/presence`, new URLSearchParams({ gone: "1", page, csrfmiddlewaretoken: csrf() }));
};

const onChange = ({ detail }) => {
  if (detail.kind !== "presence" || String(detail.card) !== card || String(detail.who) === document.body.dataset.me) return;
  if (detail.gone) {
    others.delete(detail.page);
    left.set(detail.page, Date.now());
  } else if (detail.hello || Date.now() - (left.get(detail.page) ?? 0) > LATE) {
    others.set(detail.page, { ...detail, at: Date.now() });
  }
  // not all at once
  if (detail.hello) setTimeout(tell, Math.random() * 400);
  draw();
};

const draw = () => {
  for (const [name, { at }] of others) if (Date.now() - at > SILENT) others.delete(name);
  for (const mark of document.querySelectorAll(".v-works")) mark.remove();
  const here = box();
  if (!here) return;
  // one person may look from two devices
  const people = [...new Map([...others.values()].sort((one, other) => one.field.length - other.field.length).map((one) => [one.who, one])).values()];
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
  // said again once the line stands, so that its end can take it back
  document.addEventListener("live:on", () => tell({ hello: "1" }));
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
