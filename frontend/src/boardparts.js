// What the modules of the board share: where a tile stands, the heads over it, and what is said to those who hear the page.
import htmx from "htmx.org";
import { fly } from "./partials.js";

export const tileOf = (deal) => document.getElementById(`tile-${deal}`);
export const boardOf = (element) => element.closest("[data-board]");
/** Where tiles can be put: a column, or its part in a lane. */
export const columnOf = (element) => element.closest("[data-column]");
export const columnsOf = (board) => [...board.querySelectorAll("[data-column]")];
export const tilesOf = (column) => column.querySelector("[data-tiles]");
/** The head over a column, also where lanes part them. */
export const headOf = (column) => column.querySelector(".v-colm-h") ?? document.querySelector(`[data-head="${CSS.escape(column.dataset.column)}"] .v-colm-h`);
export const nameOf = (column) => column.getAttribute("aria-label");
export const isMovable = (tile) => tile.dataset.fixed === undefined && !tile.dataset.busy;

/** The list of a stage, in the tile's lane when there are lanes. */
export const listFor = (board, { stage = "", lane }) => {
  const inLane = board.dataset.lanes ? `[data-lane="${CSS.escape(lane ?? "")}"]` : "";
  return board.querySelector(`[data-tiles="${CSS.escape(stage)}"]${inLane}`);
};

/** Before which element of a list a tile stands: by data-order when tiles have one, else on top. */
export const placeIn = (list, tile) => {
  const order = Number(tile.dataset.order);
  const tiles = [...list.querySelectorAll(":scope > .v-tile")];
  const next = tiles.find((other) => other !== tile && (Number.isNaN(order) || Number(other.dataset.order) > order));
  return next ?? list.querySelector(":scope > :not(.v-tile)");
};

/** Put a tile where its stage and lane are. */
export const insert = (board, tile) => {
  const list = listFor(board, tile.dataset);
  if (!list || list.classList.contains("v-drop")) return tile.remove();
  const place = () => list.insertBefore(tile, placeIn(list, tile));
  if (tile.isConnected) fly(tile, place);
  else place();
  return htmx.process(tile);
};

/** Say it to those who hear the page. */
export const announce = (text) => {
  const line = document.getElementById("board-said");
  if (line) line.textContent = text;
};
