// The board on a phone: which stage is in view, and the way to the one beside it.
const columns = () => [...document.querySelectorAll("[data-board] > .v-colm, [data-board]:not(.is-lanes) > .v-slims, .v-lane.is-here .v-lane-c")];

const inView = () => {
  const board = document.querySelector("[data-board]");
  const middle = board.scrollLeft + board.clientWidth / 2;
  return columns().findIndex((column) => column.offsetLeft <= middle && column.offsetLeft + column.offsetWidth > middle);
};

const marks = (column) => (column.matches(".v-slims") ? [...column.querySelectorAll("[data-column]")] : [column]).map(({ dataset }) => dataset.column);

const mark = (nav) => {
  const all = columns();
  const at = Math.max(0, inView());
  const here = marks(all[at]);
  for (const part of nav.querySelectorAll("[data-of]")) part.classList.toggle("is-here", here.includes(part.dataset.of));
  const next = nav.querySelector("[data-next]");
  if (next) next.textContent = all[at + 1]?.getAttribute("aria-label")?.split(",")[0] ?? "";
  nav.querySelector('[data-step="-1"]').disabled = at === 0;
  nav.querySelector('[data-step="1"]').disabled = at === all.length - 1;
};

export const startStageNav = () => {
  const nav = document.querySelector("[data-stage-nav]");
  const board = document.querySelector("[data-board]");
  if (!nav || !board) return;
  let asked = 0;
  board.addEventListener("scroll", () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => mark(nav));
  }, { passive: true });
  nav.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (!button) return;
    const next = columns()[inView() + Number(button.dataset.step)];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (next) board.scrollTo({ left: next.offsetLeft - board.offsetLeft, behavior: still ? "auto" : "smooth" });
  });
  mark(nav);
};
