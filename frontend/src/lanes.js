// Lanes across the columns: shut and open, one at a time on a phone, a new one when somebody gets the first deal.
import htmx from "htmx.org";
import { send } from "./http.js";
import { parse } from "./partials.js";

const boardOf = () => document.querySelector("[data-board][data-lanes]");
const laneOf = (key) => document.getElementById(`lane-${key}`);

const toggle = (button) => {
  const lane = button.closest(".v-lane");
  const shut = lane.classList.toggle("is-shut");
  button.setAttribute("aria-expanded", !shut);
  send(button.dataset.laneShut, { method: shut ? "PUT" : "DELETE", quiet: true, keepalive: true });
};

/** On a phone one lane is seen; the list over the board changes it. */
const choose = (key) => {
  for (const lane of document.querySelectorAll(".v-lane")) lane.classList.toggle("is-here", lane.dataset.laneOf === key);
  document.querySelector("[data-board]").dispatchEvent(new Event("scroll"));
};

/** Heads came anew: a lane they speak of and the page has not is put in. */
const complete = async (live) => {
  const board = boardOf();
  const keys = live.dataset.lanes.split(" ").filter(Boolean);
  for (const key of keys) {
    if (laneOf(key) || !board) continue;
    const answer = await send(board.dataset.laneUrl.replace("-key-", key), { headers: { "X-Live": "1" }, quiet: true });
    if (!answer.ok || !answer.text || laneOf(key)) continue;
    const after = keys.slice(keys.indexOf(key) + 1).map(laneOf).find(Boolean);
    board.querySelector(".v-lanes").insertBefore(parse(answer.text), after ?? null);
    htmx.process(laneOf(key));
  }
};

export const startLanes = () => {
  const board = boardOf();
  if (!board) return;
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-lane-shut]");
    if (button) toggle(button);
  });
  const nav = document.querySelector("[data-lane-nav]");
  nav?.addEventListener("change", () => choose(nav.value));
  if (nav) choose(nav.value);
  document.addEventListener("live:swapped", ({ target }) => target.id === "lanes-live" && complete(target));
};
