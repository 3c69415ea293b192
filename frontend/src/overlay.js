// The deal card over the board: opened by address, closed by Back, Esc or its cross; the board under it stays as it was.
import htmx from "htmx.org";
import { isDirty } from "./forms.js";
import { mustStay } from "./leaving.js";
import { fail } from "./toast.js";
import { send } from "./http.js";
import { seal, unseal } from "./seal.js";
import { say } from "./words.js";

const card = () => document.getElementById("card");
const veil = () => document.getElementById("card-veil");

let opener;
let home; // address of the page under the card
let homeTitle;

/** Address of the page itself, also while a card lies over it. */
export const pageUrl = () => (isOpen() && home ? home : location.href);

const isOpen = () => card()?.open;

const openCard = async (url, { push = true } = {}) => {
  if (!card()) return location.assign(url);
  const answer = await send(url, { headers: { "HX-Target": "card" } });
  if (!answer.ok) return fail(answer);
  if (!isOpen()) {
    home = push ? location.pathname + location.search : home;
    homeTitle = document.title;
    opener = document.activeElement;
  }
  if (push) history.pushState({ card: url, home }, "", url);
  show(url, answer.text);
  return undefined;
};

const show = (url, html) => {
  const dialog = card();
  dialog.innerHTML = html;
  dialog.dataset.url = url;
  if (!dialog.open) dialog.show();
  veil().hidden = false;
  seal(document.querySelector(".v-app"));
  dialog.dispatchEvent(new CustomEvent("card:shown", { bubbles: true }));
  htmx.process(dialog);
  const heading = dialog.querySelector("h1");
  if (heading) document.title = heading.textContent.trim();
  mark(url);
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("[data-card-close]") ?? dialog).focus({ preventScroll: true });
};

const mark = (url) => {
  for (const tile of document.querySelectorAll(".v-tile.is-selected")) tile.classList.remove("is-selected");
  if (url) document.querySelector(`.v-tile[data-card="${CSS.escape(url)}"]`)?.classList.add("is-selected");
};

const hide = () => {
  const dialog = card();
  if (!dialog?.open) return;
  dialog.close();
  dialog.replaceChildren();
  delete dialog.dataset.url;
  dialog.dispatchEvent(new CustomEvent("card:hidden", { bubbles: true }));
  veil().hidden = true;
  document.title = homeTitle ?? document.title;
  const back = opener?.isConnected ? opener : document.querySelector(".v-tile.is-selected");
  mark(null);
  unseal(back);
  back?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("live:free"));
};

/** Close by the person's will: asks when something typed would be lost, and goes Back so that the address is the board's. */
export const closeCard = () => {
  if (!isOpen() || mustStay()) return;
  if (isDirty(card()) && !window.confirm(say("card.unsaved"))) return;
  if (history.state?.card) history.back();
  else hide();
};

const onPop = (event) => {
  if (isOpen() && mustStay()) {
    event.stopImmediatePropagation();
    history.pushState({ card: card().dataset.url, home }, "", card().dataset.url);
  } else if (event.state?.card) {
    event.stopImmediatePropagation();
    openCard(event.state.card, { push: false });
  } else if (isOpen()) {
    // htmx must not reload the board we are only uncovering
    event.stopImmediatePropagation();
    hide();
  }
};

const plainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;

const onClick = (event) => {
  if (!plainClick(event)) return;
  if (event.target.closest("[data-card-close]") || event.target === veil()) {
    event.preventDefault();
    return void closeCard();
  }
  const from = event.target.closest("[data-card]");
  if (!from || event.target.closest("button, input, select, textarea, label, .v-why, .v-cell, .v-quick")) return;
  const link = event.target.closest("a");
  if (link && link.getAttribute("href") !== from.dataset.card) return;
  event.preventDefault();
  if (!isOpen() || !mustStay()) openCard(from.dataset.card);
};

export const startOverlay = () => {
  addEventListener("popstate", onPop, true);
  document.addEventListener("click", onClick);
  document.addEventListener("card:close", () => closeCard());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-card]:not(a)")) {
      event.preventDefault();
      openCard(event.target.dataset.card);
    }
    if (event.key === "Escape" && isOpen() && !event.defaultPrevented && !document.querySelector("dialog[data-dialog][open], :popover-open")) {
      event.preventDefault();
      closeCard();
    }
  });
};
