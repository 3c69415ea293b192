// The board as others change it: a tile that came, one that went to another column or lane. Dragging is drag.js, keys boardkeys.js.
import { boardOf, insert, listFor, tileOf } from "./boardparts.js";
import { clearRefusal } from "./carry.js";
import { askHints, forgetHints } from "./hints.js";
import { flash } from "./partials.js";
import { fetchMany, justLoaded } from "./refresh.js";

// the kinds of event after which a deal may stand in a column where it did not stand before
const BRINGS = /^(deal\.(created|moved|taken|assigned|reopened|restored)|inquiry\.attached)$/;
const coming = new Map(); // deal → who brought it
const GATHER = 120;
const TOGETHER = 60;
let arrival;

const onChange = ({ detail }) => {
  if (detail.deal == null || detail.stage == null || !BRINGS.test(detail.kind ?? "")) return;
  const board = document.querySelector("[data-board]");
  const column = board?.querySelector(`[data-column="${CSS.escape(String(detail.stage))}"]`);
  if (!column || tileOf(detail.deal)) return;
  coming.set(String(detail.deal), detail.person);
  arrival ??= setTimeout(() => arrive(board), GATHER);
};

/** Fetch the tiles that came, together, and put each where it belongs. */
const arrive = async (board) => {
  const people = new Map([...coming].slice(0, TOGETHER));
  for (const deal of people.keys()) coming.delete(deal);
  const nodes = await fetchMany(board, [...people.keys()]);
  arrival = coming.size ? setTimeout(() => arrive(board), GATHER) : undefined;
  for (const tile of nodes ?? []) {
    if (!tile.matches(".v-tile") || document.getElementById(tile.id)) continue;
    insert(board, tile);
    justLoaded(tile);
    if (String(people.get(tile.dataset.deal)) !== document.body.dataset.me) flash(tile);
  }
};

const onSwapped = ({ target: tile }) => {
  if (tile.matches?.(".v-tile")) forgetHints(tile);
  if (!tile.matches?.("[data-board] .v-tile") || tile.dataset.busy) return;
  if (tile.parentElement !== listFor(boardOf(tile), tile.dataset)) insert(boardOf(tile), tile);
};

/** After a gap the server's page may hold tiles that came meanwhile. */
const onPage = ({ detail: page }) => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  for (const tile of page.querySelectorAll("[data-board] .v-tile")) {
    if (!document.getElementById(tile.id)) insert(board, document.importNode(tile, true));
  }
};

export const startBoard = () => {
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest?.("[data-board] .v-tile");
    if (tile) askHints(tile);
    if (!event.target.closest?.(".v-why")) clearRefusal();
  });
  document.addEventListener("live:change", onChange);
  document.addEventListener("live:swapped", onSwapped);
  document.addEventListener("live:page", onPage);
};
