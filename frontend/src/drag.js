// A tile in the hand, by mouse or finger. Only its picture moves, by transform; where it would stand is measured once and again
// when something scrolls. Escape puts it back. What follows the drop is carry.js.
import { announce, boardOf, columnOf, columnsOf, isMovable, nameOf, placeIn, tilesOf } from "./boardparts.js";
import { carry, clearRefusal } from "./carry.js";
import { clearHints, hintFor, sentenceOf, showHints } from "./hints.js";
import { icon } from "./icon.js";
import { say } from "./words.js";

const SLOP = 5; // a hand that trembles does not drag
const HOLD = 220; // a finger that stays takes the tile, one that moves scrolls
const EDGE = 70; // so near to an edge the board scrolls
const FASTEST = 18;
const CONTROLS = "button, input, select, textarea, label, .v-quick, .v-why a";

let press; // the pointer is down on a tile: {tile, x, y, id, timer}
let drag; // a tile is in the hand

/** Whether a tile of this board is in the hand. */
export const isDragging = () => Boolean(drag);

const onDown = (event) => {
  const tile = event.target.closest?.("[data-board] .v-tile");
  if (!tile || drag || event.button !== 0 || event.ctrlKey || event.metaKey || !isMovable(tile) || event.target.closest(CONTROLS)) return;
  if (boardOf(tile).classList.contains("is-choosing")) return;
  clearTimeout(press?.timer);
  press = { tile, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch" };
  if (press.touch) press.timer = setTimeout(() => begin(press.x, press.y), HOLD);
};

const onMove = (event) => {
  if (drag) {
    if (event.pointerId !== drag.id) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    drag.frame ??= requestAnimationFrame(follow);
    return;
  }
  if (!press || event.pointerId !== press.id || Math.hypot(event.clientX - press.x, event.clientY - press.y) < SLOP) return;
  if (press.touch) letGo();
  else begin(event.clientX, event.clientY);
};

const letGo = () => {
  clearTimeout(press?.timer);
  press = undefined;
};

const begin = (x, y) => {
  const { tile, id, x: startX, y: startY, touch } = press;
  letGo();
  if (!tile.isConnected || !isMovable(tile)) return;
  clearRefusal();
  getSelection()?.removeAllRanges();
  const board = boardOf(tile);
  const box = tile.getBoundingClientRect();
  const ghost = tile.cloneNode(true);
  for (const part of [ghost, ...ghost.querySelectorAll("[id], [data-live], [data-pick]")]) {
    part.removeAttribute("id");
    for (const name of ["live", "liveId", "liveUrl", "pick", "deal"]) delete part.dataset?.[name];
  }
  ghost.classList.add("is-drag");
  for (const [name, value] of Object.entries({ "--x": box.left, "--y": box.top, "--w": box.width })) ghost.style.setProperty(name, `${value}px`);
  const hand = Object.assign(document.createElement("div"), { className: "v-hand", ariaHidden: "true" });
  hand.addEventListener("wheel", onWheel, { passive: true });
  hand.append(ghost);
  document.body.append(hand);
  tile.classList.add("is-from");
  tile.dataset.busy = "drag";
  board.classList.add("is-dragging");
  drag = { tile, id, board, hand, ghost, own: columnOf(tile), startX, startY, x, y, slot: makeSlot(), places: null };
  if (touch) navigator.vibrate?.(10);
  showHints(board, tile, () => drag && (drag.places = null));
  announce(say("move.lifted", { name: tile.getAttribute("aria-label") }));
  drag.frame = requestAnimationFrame(follow);
};

const makeSlot = () => {
  const slot = Object.assign(document.createElement("div"), { className: "v-slot" });
  slot.append(icon("arrow-down-right"), document.createElement("span"));
  return slot;
};

/** One frame: the picture follows, the board scrolls at its edges, the column under the hand is marked. */
const follow = () => {
  drag.frame = undefined;
  drag.ghost.style.transform = `translate3d(${drag.x - drag.startX}px, ${drag.y - drag.startY}px, 0) rotate(1.6deg)`;
  drag.places ??= measure(drag.board);
  const scrolled = scrollEdges();
  aim(under(drag.x, drag.y));
  if (scrolled) {
    drag.places = null;
    drag.frame = requestAnimationFrame(follow);
  }
};

const measure = (board) => columnsOf(board).map((column) => ({ column, box: column.getBoundingClientRect() }));

const under = (x, y) => {
  const inside = ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom;
  // whoever lifts above the columns still aims at one
  const found = drag.places.find(({ box }) => inside(box)) ?? (drag.board.dataset.lanes ? null : drag.places.find(({ box }) => x >= box.left && x < box.right && y < box.bottom));
  return found?.column ?? null;
};

const aim = (column) => {
  const to = column === drag.own ? null : column;
  if (to === drag.to) return;
  drag.to?.classList.remove("is-target");
  drag.slot.remove();
  drag.to = to;
  drag.places = null;
  if (!to) return;
  to.classList.add("is-target");
  const hint = hintFor(drag.tile, to);
  if (!hint.locked) {
    const list = tilesOf(to);
    drag.slot.querySelector("span").textContent = [say("move.here"), hint.warning, hint.on_drop].filter(Boolean).join(". ");
    list.insertBefore(drag.slot, placeIn(list, drag.tile));
  }
  announce([nameOf(to), sentenceOf(hint)].filter(Boolean).join(". "));
};

/** What scrolls under the hand: the board across, the lanes or the column down. */
const scrollers = () => {
  const lanes = drag.board.querySelector(".v-lanes");
  return { across: lanes ?? drag.board, down: lanes ?? (drag.to ?? drag.own).querySelector(".v-colm-b") };
};

/** The sheet that takes the pointer must not take the wheel from what lies under it. */
const onWheel = ({ deltaX, deltaY }) => {
  if (!drag) return;
  const { across, down } = scrollers();
  across.scrollLeft += deltaX;
  if (down) down.scrollTop += deltaY;
  drag.frame ??= requestAnimationFrame(follow);
};

/** Near an edge the board goes on by itself, and so does the column under the hand. */
const scrollEdges = () => {
  const { x, y } = drag;
  const { across, down } = scrollers();
  const before = [across.scrollLeft, down?.scrollTop];
  drag.frames ??= new Map([across, down].filter(Boolean).map((part) => [part, part.getBoundingClientRect()]));
  if (down && !drag.frames.has(down)) drag.frames.set(down, down.getBoundingClientRect());
  const wide = drag.frames.get(across);
  const stepX = pull(x, wide.left, wide.right);
  if (stepX) across.scrollLeft += stepX;
  const high = down && drag.frames.get(down);
  const stepY = high ? pull(y, high.top, high.bottom) : 0;
  if (stepY) down.scrollTop += stepY;
  return (stepX && across.scrollLeft !== before[0]) || (stepY && down.scrollTop !== before[1]);
};

const pull = (at, from, to) => {
  if (at < from + EDGE) return -Math.ceil(Math.min(1, (from + EDGE - at) / EDGE) * FASTEST);
  if (at > to - EDGE) return Math.ceil(Math.min(1, (at - to + EDGE) / EDGE) * FASTEST);
  return 0;
};

const end = ({ dropped }) => {
  const { tile, board, hand, slot, to, frame } = drag;
  cancelAnimationFrame(frame);
  drag = undefined;
  hand.remove();
  slot.remove();
  clearHints(board);
  board.classList.remove("is-dragging");
  tile.classList.remove("is-from");
  delete tile.dataset.busy;
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  if (dropped && to) return carry(tile, to);
  announce(say("move.cancelled"));
  return document.dispatchEvent(new CustomEvent("live:free"));
};

const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

const onUp = (event) => {
  if (drag?.id === event.pointerId) end({ dropped: event.type === "pointerup" });
  else letGo();
};

const onKey = (event) => {
  if (event.key !== "Escape" || !drag) return;
  event.preventDefault();
  event.stopPropagation();
  end({ dropped: false });
};

export const startDrag = () => {
  if (!document.querySelector("[data-board]")) return;
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove, { passive: true });
  document.addEventListener("pointerup", onUp);
  document.addEventListener("pointercancel", onUp);
  addEventListener("keydown", onKey, { capture: true });
  addEventListener("blur", () => drag && end({ dropped: false }));
  document.addEventListener("scroll", () => drag && (drag.places = drag.frames = null), { capture: true, passive: true });
  // a link inside a tile is not dragged by itself, a finger that holds a tile does not scroll or open a menu
  document.addEventListener("dragstart", (event) => (drag || event.target.closest?.("[data-board] .v-tile")) && event.preventDefault());
  document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => (drag || press?.touch) && event.preventDefault());
};
