// The board by keyboard: arrows walk, Space takes a tile in hand and arrows carry it, Alt and an arrow move it at once, M lists the stages.
import { announce, boardOf, columnOf, columnsOf, isMovable, nameOf } from "./boardparts.js";
import { carry } from "./carry.js";
import { askHints, clearHints, hintFor, sentenceOf, showHints } from "./hints.js";
import { letters } from "./keys.js";
import { say } from "./words.js";

let held; // {tile, to}: a tile in hand

const isShown = (column) => column.offsetParent !== null && !column.classList.contains("is-folded");
const laneOf = (column) => column.dataset.lane ?? "";

/** The column beside, in the same lane; a closing one has no lane and stands at the end of each. */
const beside = (from, step) => {
  const row = columnsOf(boardOf(from)).filter((column) => isShown(column) && (!column.dataset.lane || !laneOf(from) || laneOf(column) === laneOf(from)));
  return row[row.indexOf(from) + step];
};

/** The same stage, one lane up or down. */
const above = (from, step) => {
  const stack = columnsOf(boardOf(from)).filter((column) => isShown(column) && column.dataset.column === from.dataset.column);
  return stack[stack.indexOf(from) + step];
};

const walk = (tile, key) => {
  const own = columnOf(tile);
  const tiles = [...own.querySelectorAll(".v-tile")];
  const at = tiles.indexOf(tile);
  if (key === "ArrowDown") return tiles[at + 1] ?? first(own, 1, above);
  if (key === "ArrowUp") return tiles[at - 1] ?? first(own, -1, above);
  const step = key === "ArrowRight" ? 1 : -1;
  for (let next = beside(own, step); next; next = beside(next, step)) {
    const there = [...next.querySelectorAll(".v-tile")];
    if (there.length) return there[Math.min(at, there.length - 1)];
  }
  return null;
};

const first = (own, step, way) => {
  for (let next = way(own, step); next; next = way(next, step)) {
    const there = next.querySelectorAll(".v-tile");
    if (there.length) return there[step > 0 ? 0 : there.length - 1];
  }
  return null;
};

/* ── a tile in hand ── */

const lift = (tile) => {
  const board = boardOf(tile);
  if (!isMovable(tile)) return announce(say("move.fixed"));
  held = { tile, board, own: columnOf(tile), to: null };
  board.classList.add("is-dragging");
  tile.classList.add("is-held");
  tile.dataset.busy = "drag";
  showHints(board, tile);
  return announce(say("move.lifted", { name: tile.getAttribute("aria-label") }));
};

const aim = (column) => {
  if (!column) return;
  held.to?.classList.remove("is-target");
  held.to = column === held.own ? null : column;
  held.to?.classList.add("is-target");
  column.scrollIntoView({ block: "nearest", inline: "nearest" });
  announce([nameOf(column), sentenceOf(hintFor(held.tile, column))].filter(Boolean).join(". "));
};

const putDown = ({ dropped }) => {
  const { tile, board, to } = held;
  held = undefined;
  clearHints(board);
  board.classList.remove("is-dragging");
  tile.classList.remove("is-held");
  delete tile.dataset.busy;
  if (dropped && to) return carry(tile, to);
  announce(say("move.cancelled"));
  return document.dispatchEvent(new CustomEvent("live:free"));
};

const WAYS = { ArrowLeft: [beside, -1], ArrowRight: [beside, 1], ArrowUp: [above, -1], ArrowDown: [above, 1] };

const onHeld = (event) => {
  const way = WAYS[event.key];
  if (event.key === "Tab") return putDown({ dropped: false });
  event.preventDefault();
  event.stopPropagation();
  if (way) return aim(way[0](held.to ?? held.own, way[1]));
  if (event.key === " " || event.key === "Enter") return putDown({ dropped: true });
  return event.key === "Escape" ? putDown({ dropped: false }) : undefined;
};

const onKey = (event) => {
  if (held) return onHeld(event);
  const tile = event.target.closest?.("[data-board] .v-tile");
  if (!tile || event.target !== tile || event.metaKey) return undefined;
  const way = WAYS[event.key];
  if (way && (event.altKey || event.ctrlKey)) {
    event.preventDefault();
    const column = way[0](columnOf(tile), way[1]);
    return column && carry(tile, column);
  }
  if (event.altKey || event.ctrlKey) return undefined;
  if (way) {
    event.preventDefault();
    return walk(tile, event.key)?.focus();
  }
  if (event.key === " ") {
    event.preventDefault();
    return lift(tile);
  }
  if (!letters(event).includes("m")) return undefined;
  event.preventDefault();
  return openMenu(tile);
};

/* ── the menu of stages ── */

const openMenu = async (tile) => {
  document.getElementById("move-menu")?.remove();
  const menu = Object.assign(document.createElement("div"), { id: "move-menu", className: "v-menu", popover: "auto" });
  menu.dataset.menu = "down";
  menu.setAttribute("aria-label", say("move.to"));
  await askHints(tile);
  const own = columnOf(tile);
  const shown = columnsOf(boardOf(tile)).filter((column) => !column.dataset.lane || laneOf(column) === laneOf(own));
  let here;
  for (const column of shown) {
    const hint = hintFor(tile, column);
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: nameOf(column) });
    button.disabled = column === own || Boolean(hint.locked);
    if (column === own) here = button;
    if (sentenceOf(hint)) button.append(Object.assign(document.createElement("span"), { className: "v-s v-mute v-end", textContent: sentenceOf(hint) }));
    button.addEventListener("click", () => {
      tile.focus({ preventScroll: true });
      carry(tile, column);
    });
    menu.append(button);
  }
  document.body.append(menu);
  menu.showPopover();
  const box = tile.getBoundingClientRect();
  menu.style.left = `${Math.min(box.left, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(box.top + 24, innerHeight - menu.offsetHeight - 8)}px`;
  // the way on is nearest to the hand
  const open = [...menu.querySelectorAll("button:not(:disabled)")];
  (open.find((button) => here && here.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING) ?? open[0])?.focus();
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    menu.remove();
    if (document.activeElement === document.body) tile.focus({ preventScroll: true });
  });
};

export const startBoardKeys = () => {
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusin", ({ target: tile }) => tile.matches?.("[data-board] .v-tile") && askHints(tile));
  document.addEventListener("focusout", ({ target }) => target === held?.tile && putDown({ dropped: false }));
};
