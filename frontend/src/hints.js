// What a drop would do, told under the heads before it: what columns say of themselves, then what the server says of this very deal.
import { boardOf, columnOf, columnsOf, headOf } from "./boardparts.js";
import { send } from "./http.js";
import { icon } from "./icon.js";

const known = new WeakMap(); // tile → {stages, lane}
const asked = new WeakMap();

/** Ask for the hints of a tile: when it is taken in hand or focused. */
export const askHints = (tile) => {
  const { hintsUrl } = boardOf(tile)?.dataset ?? {};
  if (!hintsUrl || tile.dataset.fixed !== undefined) return Promise.resolve(null);
  if (!asked.has(tile)) {
    asked.set(
      tile,
      send(hintsUrl.replace("{deal}", tile.dataset.deal), { quiet: true }).then(({ json }) => {
        if (json?.stages) known.set(tile, json);
        return json?.stages ? json : null;
      }),
    );
  }
  return asked.get(tile);
};

export const forgetHints = (tile) => {
  known.delete(tile);
  asked.delete(tile);
};

/** What putting the tile into this column means: {locked, on_drop, warning}. */
export const hintFor = (tile, column) => {
  const own = columnOf(tile);
  const facts = known.get(tile);
  const general = { on_drop: column.dataset.onDrop };
  const stage = column.dataset.column === own.dataset.column ? {} : facts ? (facts.stages[column.dataset.column] ?? {}) : general;
  const handed = boardOf(column).dataset.lanes === "responsible" && column.dataset.lane !== own.dataset.lane;
  return handed && facts?.lane?.locked ? { locked: facts.lane.locked } : stage;
};

/** The hint in one sentence, for menus and for those who hear the page. */
export const sentenceOf = ({ locked, warning, on_drop: onDrop }) => [locked, warning, onDrop].filter(Boolean).join(". ");

/** Show all hints of a lifted tile, now and again when the server has answered; `again` is called then. */
export const showHints = (board, tile, again = () => {}) => {
  const own = columnOf(tile);
  const show = () => {
    for (const column of columnsOf(board)) {
      const hint = column === own ? {} : hintFor(tile, column);
      column.classList.toggle("is-no", Boolean(hint.locked));
    }
    // in lanes many cells stand under one head: it speaks of the stage in the tile's own lane
    for (const column of columnsOf(board).filter(({ dataset: { lane } }) => !lane || lane === own.dataset.lane)) {
      if (headOf(column)) write(headOf(column), column === own ? {} : hintFor(tile, column));
    }
    for (const column of columnsOf(board).filter(({ dataset }) => dataset.lane && dataset.column === own.dataset.column)) {
      const head = column.closest(".v-lane").querySelector(".v-lane-h");
      if (column !== own) write(head, hintFor(tile, column));
    }
  };
  show();
  if (known.has(tile)) return;
  askHints(tile).then((facts) => {
    if (!facts || !board.classList.contains("is-dragging")) return;
    show();
    again();
  });
};

const write = (head, { on_drop: onDrop, locked, warning }) => {
  head.querySelector("[data-hint]")?.remove();
  if (!onDrop && !locked && !warning) return;
  const lines = document.createElement("div");
  lines.dataset.hint = "";
  if (locked) lines.append(line(icon("lock"), locked));
  if (warning) lines.append(line(icon("alert-triangle"), warning, "is-warn"));
  if (onDrop && !locked) lines.append(line(icon("forms"), onDrop, "is-ask"));
  head.append(lines);
};

const line = (mark, text, tone = "") => {
  const row = document.createElement("div");
  row.className = `v-ruleline ${tone}`.trim();
  row.append(mark, Object.assign(document.createElement("span"), { textContent: text }));
  return row;
};

export const clearHints = (board) => {
  for (const lines of board.querySelectorAll("[data-hint]")) lines.remove();
  for (const column of board.querySelectorAll(".is-no, .is-target")) column.classList.remove("is-no", "is-target");
};
