// The line to the server: what colleagues, clients and rules change comes as messages; the page hears them as live:change.
import { isOut, isSignedIn, signedOut } from "./session.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const HIDDEN_FOR = 30_000; // a tab nobody looks at gives its connection back
const SILENT_FOR = 45_000; // the server pings every 15 s; three missed pings mean a dead line
const RETRY = [1000, 2000, 4000, 8000, 15_000];

/** What this page calls itself: what it says over its line is taken back when the line ends. */
export const page = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");

let url;
let stream;
let attempt = 0;
let wasOn = false;
let heardAt = 0;
let pings = false;
let lastAt = new Date();
let lastId = "";
let retryTimer;
let hiddenTimer;

const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const state = (name) => {
  const mark = document.getElementById("live");
  if (!mark) return;
  mark.classList.toggle("is-off", name === "off" || name === "out");
  mark.classList.toggle("is-wait", name === "wait");
  const time = lastAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const text = say(`live.${name}`, { time });
  if (mark.textContent !== text) mark.textContent = text;
};

const heard = () => {
  heardAt = Date.now();
  lastAt = new Date();
};

const onMessage = (event) => {
  heard();
  if (event.lastEventId) lastId = event.lastEventId;
  let message;
  try {
    message = JSON.parse(event.data);
  } catch {
    return undefined;
  }
  if (message.kind === "resync") return emit("live:resync");
  emit("live:change", message);
  if (message.toast) toast({ text: message.toast, initials: message.initials, open: message.url && { url: message.url, label: say("toast.open") } });
  return undefined;
};

const onOpen = () => {
  heard();
  attempt = 0;
  state("on");
  emit("live:on");
  if (wasOn) emit("live:resync");
  wasOn = true;
};

const onError = async () => {
  const refused = stream?.readyState === EventSource.CLOSED;
  stream?.close();
  stream = null;
  if (refused && (await isSignedIn()) === false) {
    state("out");
    return signedOut();
  }
  state(attempt < 2 ? "wait" : "off");
  const pause = RETRY[Math.min(attempt, RETRY.length - 1)];
  attempt += 1;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(connect, pause + Math.random() * pause * 0.3);
  return undefined;
};

const connect = () => {
  clearTimeout(retryTimer);
  if (stream || document.hidden || isOut()) return;
  stream = new EventSource(`${url}?${new URLSearchParams({ page, ...(lastId && { last: lastId }) })}`);
  stream.onopen = onOpen;
  stream.onmessage = onMessage;
  stream.onerror = onError;
  stream.addEventListener("ping", () => {
    pings = true;
    heard();
  });
  stream.addEventListener("resync", () => emit("live:resync"));
};

const pause = () => {
  stream?.close();
  stream = null;
};

const onVisibility = () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(pause, HIDDEN_FOR);
  else connect();
};

export const startLive = () => {
  url = document.body.dataset.liveStream;
  if (!url) return;
  connect();
  document.addEventListener("visibilitychange", onVisibility);
  document.addEventListener("session:back", connect);
  addEventListener("online", connect);
  addEventListener("offline", () => state("off"));
  addEventListener("pagehide", pause);
  addEventListener("pageshow", ({ persisted }) => persisted && connect());
  setInterval(() => {
    if (pings && stream && stream.readyState === EventSource.OPEN && Date.now() - heardAt > SILENT_FOR) onError();
  }, 5000);
};
