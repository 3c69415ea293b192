// Elements with data-live="deal:42 stage:5" data-live-url="…" fetch themselves anew when a live message names one of their keys.
// Never while dragged, typed in or holding unsaved input: then they wait, marked is-stale. They never scroll or take focus.
// Elements with data-live-id inside data-live-many="…{ids}…" are fetched together, so that a busy board costs few requests.
import { isDirty } from "./forms.js";
import { send } from "./http.js";
import { pageUrl } from "./overlay.js";
import { apply, flash, morph, parse } from "./partials.js";

const EVERY = 300; // and less often, down to once a second, what changes without a pause
const SLOWEST = 1000;
const CALM = 3000;
const AT_ONCE = 4;
const TOGETHER = 60;
const GATHER = 60;

const asked = new WeakMap(); // element → {at, timer, by, every}
const queue = [];
let running = 0;

export const keysOf = (message) => {
  const keys = new Set(message.keys ?? []);
  for (const name of ["deal", "company", "task", "funnel", "stage", "person"]) {
    if (message[name] != null) keys.add(`${name}:${message[name]}`);
  }
  for (const stage of message.stages ?? []) keys.add(`stage:${stage}`);
  return keys;
};

/** A person is doing something in it: it must not change under their hands. */
export const isBusy = (element) => {
  // a part that says so is renewed around what is being typed: the morph leaves that alone
  if ("liveAround" in element.dataset) return false;
  if (element.matches("[data-busy], .is-saving") || element.querySelector("[data-busy]")) return true;
  const active = document.activeElement;
  if (active && active !== element && element.contains(active) && active.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return true;
  return Boolean(element.querySelector(":popover-open")) || isDirty(element);
};

/** Ask for an element's new state; at most once per 300 ms, the last word wins. */
export const refresh = (element, by = null) => {
  const known = asked.get(element) ?? { at: 0, every: EVERY };
  asked.set(element, known);
  known.by = by ?? known.by ?? null;
  if (known.timer) {
    known.every = Math.min(known.every * 1.3, SLOWEST);
    return;
  }
  const since = Date.now() - known.at;
  if (since > CALM) known.every = EVERY;
  known.timer = setTimeout(() => {
    known.at = Date.now();
    known.timer = null;
    queue.push(element);
    setTimeout(drain, manyOf(element) ? GATHER : 0);
  }, Math.max(0, known.every - since));
};

/** This element has just come from the server: the messages about its birth need no second look. */
export const justLoaded = (element) => asked.set(element, { at: Date.now(), every: EVERY, by: null });

const manyOf = (element) => (element.dataset.liveId ? element.closest("[data-live-many]") : null);

const drain = () => {
  while (running < AT_ONCE && queue.length) {
    const element = queue.shift();
    const many = manyOf(element);
    const batch = many ? [element, ...queue.filter((other) => manyOf(other) === many)].slice(0, TOGETHER) : [];
    for (const other of batch.slice(1)) queue.splice(queue.indexOf(other), 1);
    running += 1;
    (many ? loadMany(many, batch) : load(element)).finally(() => {
      running -= 1;
      drain();
    });
  }
};

/** Fetch elements of one container together; those that do not come back are gone. Returns the answer's nodes by id. */
const loadMany = async (many, elements) => {
  const ready = elements.filter((element) => element.isConnected && !held(element));
  if (!ready.length) return;
  const nodes = await fetchMany(many, ready.map((element) => element.dataset.liveId));
  if (!nodes) return;
  for (const element of ready) {
    if (!element.isConnected || held(element)) continue;
    const next = nodes.find((node) => node.id === element.id);
    if (next) swap(element, next, asked.get(element)?.by ?? null);
    else vanish(element);
  }
};

/** The parts of a container by their ids, as the server has them now; null when it did not answer. */
export const fetchMany = async (many, ids) => {
  const url = many.dataset.liveMany.replace("{ids}", ids.join(","));
  const answer = await send(url, { headers: { "X-Live": "1" }, quiet: true });
  return answer.ok ? [...parse(answer.text).children] : null;
};

const held = (element) => {
  if (!isBusy(element)) return false;
  element.classList.add("is-stale");
  return true;
};

const load = async (element) => {
  if (!element.isConnected || held(element)) return undefined;
  const answer = await send(element.dataset.liveUrl, { headers: { "X-Live": "1" }, quiet: true });
  if (!element.isConnected || held(element)) return undefined;
  if (answer.status === 204 || answer.status === 404 || answer.status === 410) return vanish(element);
  if (!answer.ok) return undefined;
  return put(element, answer.text);
};

const vanish = (element) => {
  asked.delete(element);
  element.dispatchEvent(new CustomEvent("live:gone", { bubbles: true }));
  element.remove();
};

const put = (element, html) => {
  const nodes = [...parse(html).children];
  const next = nodes.find((node) => node.id === element.id) ?? nodes[0];
  if (!next) return vanish(element);
  swap(element, next, asked.get(element)?.by ?? null);
  for (const other of nodes) if (other !== next) apply(other.outerHTML);
  return undefined;
};

/** Morph an element and show once that somebody else changed it. */
export const swap = (element, next, by = null) => {
  element.classList.remove("is-stale");
  const changed = morph(element, next);
  const now = next.id ? document.getElementById(next.id) : element;
  if (!now) return;
  if (changed && by !== null && String(by) !== document.body.dataset.me) flash(now);
  now.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
};

const onChange = ({ detail }) => {
  const keys = keysOf(detail);
  for (const element of document.querySelectorAll("[data-live]")) {
    if (element.dataset.liveUrl && element.dataset.live.split(" ").some((key) => keys.has(key))) refresh(element, detail.person ?? 0);
  }
};

/** After a gap: the page as the server has it now, in one request; only live parts are taken over. */
const onResync = async () => {
  const elements = [...document.querySelectorAll("[data-live][data-live-url]")];
  if (!elements.length) return;
  const answer = await send(pageUrl(), { headers: { "HX-Request": "false" }, quiet: true });
  const fresh = answer.ok ? new DOMParser().parseFromString(answer.text, "text/html") : null;
  for (const element of elements) {
    const next = element.id && fresh?.getElementById(element.id);
    if (next && !isBusy(element)) swap(element, document.importNode(next, true));
    else refresh(element);
  }
  if (fresh) document.dispatchEvent(new CustomEvent("live:page", { detail: fresh }));
};

/** What waited because somebody was typing gets its turn. */
const refreshStale = () => {
  for (const element of document.querySelectorAll("[data-live].is-stale")) if (!isBusy(element)) refresh(element);
};

export const startRefresh = () => {
  document.addEventListener("live:change", onChange);
  document.addEventListener("live:resync", onResync);
  document.addEventListener("focusout", () => setTimeout(refreshStale, 60));
  document.addEventListener("live:free", refreshStale);
  setInterval(refreshStale, 3000);
};
