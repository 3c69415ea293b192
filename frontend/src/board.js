// The board: tiles dragged between columns by mouse, finger or keyboard; what a drop will do is told before it, why not after.
import Sortable from "sortablejs";
import htmx from "htmx.org";
import { send } from "./http.js";
import { icon } from "./icon.js";
import { move } from "./move.js";
import { flash, fly } from "./partials.js";
import { fetchMany, justLoaded } from "./refresh.js";
import { say } from "./words.js";

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const tileOf = (deal) => document.getElementById(`tile-${deal}`);
const columnOf = (element) => element.closest("[data-column]");
const tilesOf = (column) => column.querySelector("[data-tiles]");
const boardOf = (element) => element.closest("[data-board]");

/* ── dragging ── */

const generalHint = ({ dataset }) => ({ on_drop: dataset.onDrop, locked: dataset.locked });

const hint = (column, { on_drop: onDrop, locked } = generalHint(column)) => {
  column.querySelector("[data-hint]")?.remove();
  column.classList.remove("is-no");
  if (!onDrop && !locked) return;
  const line = document.createElement("div");
  line.className = `v-ruleline${locked ? "" : " is-ask"}`;
  line.dataset.hint = "";
  line.append(locked ? icon("lock") : icon("forms"), Object.assign(document.createElement("span"), { textContent: locked || onDrop }));
  column.querySelector(".v-colm-h")?.append(line);
  if (locked) column.classList.add("is-no");
};

const lift = (board, tile) => {
  board.classList.add("is-dragging");
  tile.dataset.busy = "drag";
  clearRefusal();
  const others = [...board.querySelectorAll("[data-column]")].filter((column) => column !== columnOf(tile));
  const known = hints.get(tile);
  for (const column of others) hint(column, known && (known[column.dataset.column] ?? {}));
  if (known) return;
  askHints(board, tile).then((stages) => {
    if (!stages || !board.classList.contains("is-dragging")) return;
    for (const column of others) hint(column, stages[column.dataset.column] ?? {});
  });
};

// what a drop of this very tile would do, asked of the server when the tile is taken in hand or focused
const hints = new WeakMap();
const hintsAsked = new WeakMap();

const askHints = (board, tile) => {
  const { hintsUrl } = board.dataset;
  if (!hintsUrl || tile.dataset.fixed !== undefined) return Promise.resolve(null);
  if (!hintsAsked.has(tile)) {
    hintsAsked.set(
      tile,
      send(hintsUrl.replace("{deal}", tile.dataset.deal), { quiet: true }).then(({ json }) => {
        if (json?.stages) hints.set(tile, json.stages);
        return json?.stages ?? null;
      }),
    );
  }
  return hintsAsked.get(tile);
};

const forgetHints = (tile) => {
  hints.delete(tile);
  hintsAsked.delete(tile);
};

const settle = (board) => {
  board.classList.remove("is-dragging");
  for (const line of board.querySelectorAll("[data-hint]")) line.remove();
  for (const column of board.querySelectorAll(".is-no, .is-target")) column.classList.remove("is-no", "is-target");
};

const target = (board, column) => {
  for (const other of board.querySelectorAll(".is-target")) if (other !== column) other.classList.remove("is-target");
  column?.classList.add("is-target");
};

const makeSortable = (board, list) => {
  let origin;
  Sortable.create(list, {
    group: "board",
    draggable: ".v-tile:not([data-fixed])",
    filter: "button, input, select, textarea, .v-why a",
    preventOnFilter: false,
    sort: false,
    animation: still() ? 0 : 120,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    fallbackClass: "is-drag",
    ghostClass: "is-ghost",
    scrollSensitivity: 80,
    scrollSpeed: 14,
    bubbleScroll: true,
    onStart: ({ item }) => {
      origin = { list: item.parentElement, next: item.nextElementSibling };
      item.dataset.here = say("move.here");
      lift(board, item);
    },
    onMove: ({ to, from }) => {
      target(board, to === from ? null : columnOf(to));
      return true;
    },
    onEnd: ({ item, to, from }) => {
      settle(board);
      delete item.dataset.busy;
      if (to === from) return document.dispatchEvent(new CustomEvent("live:free"));
      return carry(item, columnOf(to), origin);
    },
  });
};

/* ── the move itself: shown at once, corrected when the server refuses ── */

const originOf = (tile) => ({ list: tile.parentElement, next: tile.nextElementSibling });

/** Take a tile (already standing in the column) through the server. */
const carry = async (tile, column, origin) => {
  const board = boardOf(column);
  const stage = column.dataset.column;
  const above = tile.previousElementSibling?.dataset.deal ?? "";
  tile.dataset.busy = "move";
  const saving = setTimeout(() => tile.classList.add("is-saving"), 300);
  const result = await move(board.dataset.moveUrl.replace("{deal}", tile.dataset.deal), { stage, after: above });
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

const arrived = (tile, column, left, board) => {
  const fresh = left.find((element) => element.id === tile.id);
  if (fresh) tile.replaceWith(fresh);
  const now = fresh ?? tile;
  now.dataset.stage = column.dataset.column;
  if (columnOf(now)?.classList.contains("is-slim")) now.remove();
  else htmx.process(now);
  for (const element of left) if (element !== fresh && element.matches(".v-tile")) insert(board, element);
};

const back = (tile, origin, { reason, rule, ruleUrl }) => {
  if (origin.list.isConnected) fly(tile, () => origin.list.insertBefore(tile, origin.next?.parentElement === origin.list ? origin.next : null));
  if (reason) refuse(tile, reason, rule, ruleUrl);
  if (!document.querySelector("dialog[open]")) tile.focus({ preventScroll: true });
};

const refuse = (tile, reason, rule, ruleUrl) => {
  const why = document.createElement("div");
  why.className = "v-why";
  why.setAttribute("role", "alert");
  if (rule) why.append(Object.assign(document.createElement("b"), { textContent: `${rule}. ` }));
  why.append(reason);
  if (ruleUrl) why.append(" ", Object.assign(document.createElement("a"), { className: "v-link", href: ruleUrl, textContent: say("move.rule") }));
  tile.append(why);
  tile.classList.add("is-refused");
};

const clearRefusal = () => {
  for (const tile of document.querySelectorAll(".v-tile.is-refused")) {
    tile.classList.remove("is-refused");
    tile.querySelector(".v-why")?.remove();
  }
};

/** Move a tile without a drag: from the keyboard, the menu or a narrow screen. */
export const moveTile = (tile, column) => {
  const list = tilesOf(column);
  if (!list || tile.dataset.fixed !== undefined || tile.dataset.busy || columnOf(tile) === column) return;
  clearRefusal();
  const origin = originOf(tile);
  fly(tile, () => list.prepend(tile));
  tile.focus({ preventScroll: true });
  tile.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  carry(tile, column, origin);
};

/* ── keyboard ── */

const columns = (board) => [...board.querySelectorAll("[data-column]")];

const beside = (tile, step) => {
  const all = columns(boardOf(tile));
  return all[all.indexOf(columnOf(tile)) + step];
};

const walk = (tile, key) => {
  const tiles = [...tile.parentElement.querySelectorAll(":scope > .v-tile")];
  const at = tiles.indexOf(tile);
  if (key === "ArrowDown") return tiles[at + 1];
  if (key === "ArrowUp") return tiles[at - 1];
  for (let next = beside(tile, key === "ArrowRight" ? 1 : -1), step = key === "ArrowRight" ? 1 : -1; next; ) {
    const there = [...next.querySelectorAll(".v-tile")];
    if (there.length) return there[Math.min(at, there.length - 1)];
    const all = columns(boardOf(tile));
    next = all[all.indexOf(next) + step];
  }
  return null;
};

const onKey = (event) => {
  const tile = event.target.closest?.("[data-board] .v-tile");
  if (!tile || event.target !== tile) return;
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (sideways && (event.altKey || event.ctrlKey)) {
    event.preventDefault();
    const column = beside(tile, event.key === "ArrowRight" ? 1 : -1);
    if (column) moveTile(tile, column);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    walk(tile, event.key)?.focus();
  } else if (event.code === "KeyM" && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    openMoveMenu(tile);
  }
};

const openMoveMenu = async (tile) => {
  document.getElementById("move-menu")?.remove();
  const menu = Object.assign(document.createElement("div"), { id: "move-menu", className: "v-menu", popover: "auto" });
  menu.dataset.menu = "down";
  menu.setAttribute("aria-label", say("move.to"));
  const known = await askHints(boardOf(tile), tile);
  let here;
  for (const column of columns(boardOf(tile))) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: column.getAttribute("aria-label") });
    const { locked, on_drop: onDrop } = known ? (known[column.dataset.column] ?? {}) : generalHint(column);
    button.disabled = column === columnOf(tile) || Boolean(locked);
    if (column === columnOf(tile)) here = button;
    if (locked || onDrop) button.append(Object.assign(document.createElement("span"), { className: "v-s v-mute v-end", textContent: locked || onDrop }));
    button.addEventListener("click", () => moveTile(tile, column));
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

/* ── live: a tile that came, a tile that went to another column ── */

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

/** Put a tile into the column of its stage, by data-order when tiles have one, else on top. */
const insert = (board, tile) => {
  const list = board.querySelector(`[data-tiles="${CSS.escape(tile.dataset.stage ?? "")}"]`);
  if (!list || list.classList.contains("v-drop")) return tile.remove();
  const order = Number(tile.dataset.order);
  const next = [...list.querySelectorAll(":scope > .v-tile")].find((other) => other !== tile && (Number.isNaN(order) || Number(other.dataset.order) > order));
  const place = () => list.insertBefore(tile, next ?? list.querySelector(":scope > :not(.v-tile)"));
  if (tile.isConnected) fly(tile, place);
  else place();
  return htmx.process(tile);
};

const onSwapped = ({ target: tile }) => {
  if (tile.matches?.(".v-tile")) forgetHints(tile);
  if (!tile.matches?.("[data-board] .v-tile") || tile.dataset.busy) return;
  if (tile.parentElement.dataset.tiles !== tile.dataset.stage) insert(boardOf(tile), tile);
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
  const dress = (root) => {
    for (const board of root.querySelectorAll?.("[data-board]") ?? []) {
      for (const list of board.querySelectorAll("[data-tiles]")) if (!Sortable.get(list)) makeSortable(board, list);
    }
  };
  dress(document);
  document.addEventListener("htmx:load", ({ target: root }) => dress(root.closest("[data-board]")?.parentElement ?? root));
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", ({ target: tile }) => tile.matches?.("[data-board] .v-tile") && askHints(boardOf(tile), tile));
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest?.("[data-board] .v-tile");
    if (tile) askHints(boardOf(tile), tile);
  });
  document.addEventListener("pointerdown", (event) => event.target.closest?.(".v-why") || clearRefusal());
  document.addEventListener("live:change", onChange);
  document.addEventListener("live:swapped", onSwapped);
  document.addEventListener("live:page", onPage);
};
