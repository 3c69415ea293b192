// A move of a tile: shown at once, corrected when the server refuses. Whoever moves it, by hand, by keys or from the menu, comes here.
import htmx from "htmx.org";
import { announce, boardOf, columnOf, insert, isMovable, nameOf, placeIn, tileOf, tilesOf } from "./boardparts.js";
import { move } from "./move.js";
import { fly } from "./partials.js";
import { say } from "./words.js";

const SAVING_AFTER = 300;

/** Put a tile into a column and take the move through the server. */
export const carry = async (tile, column) => {
  const list = tilesOf(column);
  if (!list || !isMovable(tile) || columnOf(tile) === column) return;
  clearRefusal();
  const board = boardOf(column);
  const origin = { list: tile.parentElement, next: tile.nextElementSibling };
  const focused = tile.contains(document.activeElement);
  fly(tile, () => list.insertBefore(tile, placeIn(list, tile)));
  if (focused) {
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  tile.dataset.busy = "move";
  const saving = setTimeout(() => tile.classList.add("is-saving"), SAVING_AFTER);
  const result = await move(board.dataset.moveUrl.replace("{deal}", tile.dataset.deal), fieldsOf(board, column, origin.list));
  clearTimeout(saving);
  const now = tileOf(tile.dataset.deal) ?? tile;
  for (const each of new Set([tile, now])) {
    each.classList.remove("is-saving");
    delete each.dataset.busy;
  }
  if (result.done) arrived(now, column, result.left, board);
  else back(now, origin, result);
  document.dispatchEvent(new CustomEvent("live:free"));
};

const fieldsOf = (board, column, from) => {
  const { column: stage, lane } = column.dataset;
  const other = lane && lane !== from.dataset.lane;
  return other ? { stage, lanes: board.dataset.lanes, lane } : { stage };
};

const arrived = (tile, column, left, board) => {
  const fresh = left.find((element) => element.id === tile.id);
  if (fresh) tile.replaceWith(fresh);
  const now = fresh ?? tile;
  now.dataset.stage = column.dataset.column;
  announce(say("move.done", { column: nameOf(column) }));
  if (columnOf(now)?.classList.contains("is-slim")) now.remove();
  else htmx.process(now);
  for (const element of left) if (element !== fresh && element.matches(".v-tile")) insert(board, element);
};

const back = (tile, { list, next }, { reason, rule, ruleUrl }) => {
  if (list.isConnected) fly(tile, () => list.insertBefore(tile, next?.parentElement === list ? next : null));
  if (reason) refuse(tile, { reason, rule, ruleUrl });
  else announce(say("move.cancelled"));
  if (!document.querySelector("dialog[open]")) tile.focus({ preventScroll: true });
};

/** A tile wears why not, until the next click. */
export const refuse = (tile, { reason, rule, ruleUrl }) => {
  const why = document.createElement("div");
  why.className = "v-why";
  why.setAttribute("role", "alert");
  if (rule) why.append(Object.assign(document.createElement("b"), { textContent: `${rule}. ` }));
  why.append(reason);
  if (ruleUrl) why.append(" ", Object.assign(document.createElement("a"), { className: "v-link", href: ruleUrl, textContent: say("move.rule") }));
  tile.append(why);
  tile.classList.add("is-refused");
};

export const clearRefusal = () => {
  for (const tile of document.querySelectorAll(".v-tile.is-refused")) {
    tile.classList.remove("is-refused");
    tile.querySelector(".v-why")?.remove();
  }
};
