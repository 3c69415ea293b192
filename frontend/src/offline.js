// The service worker, the cards this device has open lately, and the page it shows without a line.
import { keep, owner, waiting } from "./outbox.js";
import { all, drop, empty, put } from "./store.js";

const CARD = /^\/(deals|clients)\/\d+$/;
const MOST = 20;

/** Note which card is open, so that without a line one can write to it. */
const remember = async (url, title) => {
  if (!CARD.test(url) || !title) return;
  await put("recent", { url, title, at: Date.now() });
  const old = (await all("recent")).sort((a, b) => b.at - a.at).slice(MOST);
  for (const { url: gone } of old) await drop("recent", gone);
};

/** Whoever signs in next on this device must not see whose cards were open. */
export const forgetRecent = async () => {
  localStorage.removeItem("me");
  await empty("recent");
};

const option = ({ url, title }) => new Option(title, `${url}/notes`);

const showWaiting = async (page) => {
  const notes = await waiting();
  const box = page.querySelector("[data-offline-waiting]");
  box.hidden = !notes.length;
  const list = box.querySelector("ul");
  list.replaceChildren(...notes.map((note) => unsent(list, note, () => showWaiting(page))));
};

const unsent = (list, { once, text, failed }, changed) => {
  const row = document.createElement("li");
  const words = Object.assign(document.createElement("p"), { className: "v-grow", textContent: text });
  if (failed) words.append(Object.assign(document.createElement("span"), { className: "v-err", textContent: failed }));
  const out = Object.assign(document.createElement("button"), { type: "button", className: "btn v-ghost v-icon v-sm", textContent: "×" });
  out.setAttribute("aria-label", list.dataset.takeOut);
  out.addEventListener("click", () => drop("notes", once).then(changed));
  row.append(words, out);
  return row;
};

/** What was typed into the card's own composer, and what is typed here, is the same draft. */
const draftOf = (form) => `draft:${owner()}:${form.elements.url.value}`;

const showForm = (page, recent) => {
  const form = page.querySelector("[data-offline-form]");
  page.querySelector("[data-offline-write]").hidden = !recent.length;
  page.querySelector("[data-offline-nowhere]").hidden = Boolean(recent.length);
  form.elements.url.replaceChildren(...recent.map(option));
  const { text, url } = form.elements;
  const fill = () => (text.value = localStorage.getItem(draftOf(form)) ?? "");
  fill();
  url.addEventListener("change", fill);
  text.addEventListener("input", () => localStorage.setItem(draftOf(form), text.value));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await keep(url.value, text.value.trim());
    localStorage.removeItem(draftOf(form));
    fill();
    await showWaiting(page);
  });
};

const showPage = async (page) => {
  const here = location.pathname;
  const asked = here === "/offline"; // the page itself, not in the place of another
  for (const part of page.querySelectorAll("[data-offline-none]")) part.hidden = asked;
  for (const part of page.querySelectorAll("[data-offline-here]")) part.hidden = !asked;
  showForm(page, owner() ? (await all("recent")).sort((a, b) => (b.url === here) - (a.url === here) || b.at - a.at) : []);
  addEventListener("online", () => {
    if (!page.querySelector("textarea").value) return location.reload();
    page.querySelector("[data-offline-back]").hidden = false;
    return undefined;
  });
  await showWaiting(page);
};

export const startOffline = () => {
  const page = document.querySelector("[data-offline]");
  if (page) showPage(page);
  if (!document.body.dataset.me) return;
  navigator.serviceWorker?.register("/sw.js", { scope: "/" }).catch(() => null);
  remember(location.pathname, document.querySelector("#main h1, #main h2")?.textContent.trim()).catch(() => null);
  document.addEventListener("card:shown", ({ target: card }) => {
    remember(new URL(card.dataset.url, location.href).pathname, card.querySelector("h1")?.textContent.trim()).catch(() => null);
  });
};
