// Notes that could not be sent stay on the device and go by themselves, each once: the server knows them by the name we give.
import { finished } from "./forms.js";
import { reason, send } from "./http.js";
import { all, drop, put } from "./store.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const NOTES = /^\/(deals|clients)\/\d+\/notes$/;
const EVERY = 30_000;
// the server has read it and will never take it: a person decides what becomes of it
const FOR_GOOD = [404, 409, 410, 422];

let sending = false;

const isNote = (form) => form.matches?.("form") && NOTES.test(form.getAttribute("hx-post") ?? "");

const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whose notes: a device may be shared. */
export const owner = () => document.body.dataset.me ?? localStorage.getItem("me");

export const keep = (url, text, once = newName()) => put("notes", { once, url, text, me: owner(), at: Date.now() });

export const waiting = async () => (await all("notes")).filter((note) => note.me === owner()).sort((a, b) => a.at - b.at);

/** A note form whose request found no line: keep its text. False when there is nothing we can keep. */
export const keepForm = (form) => {
  const text = isNote(form) ? form.elements.text?.value.trim() : "";
  if (!text || form.querySelector('input[type="file"]')?.files.length) return false;
  keep(form.getAttribute("hx-post"), text, form.dataset.once).then(
    () => {
      finished(form);
      delete form.dataset.once;
      toast(say("outbox.kept"));
    },
    () => toast({ text: say("error.network"), tone: "late" }),
  );
  return true;
};

/** Send what waits, oldest first, while the line holds. */
export const flush = async () => {
  if (sending || !navigator.onLine || !document.body.dataset.me) return;
  sending = true;
  try {
    for (const note of await waiting()) if (!note.failed && !(await deliver(note))) break;
  } finally {
    sending = false;
  }
};

const deliver = async (note) => {
  const answer = await send(note.url, { method: "POST", fields: { text: note.text, once: note.once }, quiet: true });
  if (answer.ok) {
    await drop("notes", note.once);
    toast({ text: say("outbox.sent"), open: { url: note.url.replace(/\/notes$/, ""), label: say("toast.open") } });
    return true;
  }
  if (!FOR_GOOD.includes(answer.status)) return false;
  await put("notes", { ...note, failed: reason(answer) });
  toast({ text: say("outbox.refused", { reason: reason(answer) }), tone: "late", open: { url: "/offline", label: say("toast.open") } });
  return true;
};

export const startOutbox = () => {
  const { me } = document.body.dataset;
  if (!me) return;
  localStorage.setItem("me", me);
  // named before the first try: its answer may be what gets lost
  document.addEventListener("htmx:configRequest", ({ target: form, detail }) => {
    if (isNote(form)) detail.parameters.once = form.dataset.once ??= newName();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && isNote(detail.elt)) delete detail.elt.dataset.once;
  });
  const later = () => flush().catch(() => null);
  addEventListener("online", later);
  document.addEventListener("live:resync", later);
  setInterval(later, EVERY);
  later();
};
