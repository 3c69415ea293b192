// The list's columns: their order in the dialog by mouse or by buttons, their widths by the edge of a head.
import Sortable from "sortablejs";
import { send } from "./http.js";

const NARROWEST = 48;

const dress = (root) => {
  for (const list of root.querySelectorAll?.("[data-columns]") ?? []) {
    if (!Sortable.get(list)) Sortable.create(list, { handle: ".v-grip", animation: 120, forceFallback: true });
    for (const box of list.querySelectorAll("[data-always]")) box.addEventListener("click", (event) => event.preventDefault());
  }
};

const step = (button, down) => {
  const line = button.closest("[data-pick-column]");
  const other = down ? line.nextElementSibling : line.previousElementSibling;
  if (!other) return;
  if (down) other.after(line);
  else other.before(line);
  button.focus();
};

/** Pull the edge of a head: all cells of the column follow, the width is kept when the hand lets go. */
const pull = (event) => {
  const edge = event.target.closest?.("[data-pull]");
  if (!edge) return;
  event.preventDefault();
  const head = edge.closest("th");
  const place = [...head.parentElement.children].indexOf(head);
  const from = event.clientX;
  const before = head.getBoundingClientRect().width;
  let width = before;
  const cells = [...head.closest("table").querySelectorAll("thead tr, tbody tr:not(.v-pager)")].map((row) => row.children[place]);
  const onMove = ({ clientX }) => {
    width = Math.max(NARROWEST, Math.round(before + clientX - from));
    for (const cell of cells) cell?.style.setProperty("--w", `${width}px`);
  };
  const onUp = () => {
    removeEventListener("pointermove", onMove);
    if (width !== before) send(edge.dataset.pull, { method: "PUT", fields: { width } });
  };
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", onUp, { once: true });
};

export const startColumns = () => {
  document.addEventListener("htmx:afterSettle", ({ target }) => dress(target));
  document.addEventListener("pointerdown", pull);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-columns] [data-up], [data-columns] [data-down]");
    if (button) step(button, "down" in button.dataset);
  });
};
