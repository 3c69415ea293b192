// The map of funnels: zoom by buttons, Ctrl and wheel; which stage is open is marked as its panel comes.
const STEPS = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];

export function startProcessMap() {
  document.querySelectorAll("[data-map]").forEach(bind);
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id === "stage-panel") mark(detail.target.querySelector("[data-stage-panel]"));
  });
}

function bind(map) {
  const canvas = map.querySelector("[data-map-canvas]");
  const bar = map.querySelector("[data-map-zoom]");
  bar.hidden = false;
  const natural = { width: canvas.offsetWidth, height: canvas.offsetHeight };
  let zoom = 1;
  const set = (wanted) => {
    zoom = Math.min(STEPS.at(-1), Math.max(STEPS[0], wanted));
    canvas.style.setProperty("--zoom", zoom);
    canvas.style.setProperty("margin-bottom", `${natural.height * (zoom - 1)}px`);
    bar.querySelector("[data-zoom-now]").textContent = `${Math.round(zoom * 100)} %`;
  };
  const step = (by) => {
    const at = STEPS.findIndex((one) => one >= zoom - 0.01);
    set(STEPS[Math.min(STEPS.length - 1, Math.max(0, (at < 0 ? STEPS.length : at) + by))]);
  };
  bar.addEventListener("click", ({ target }) => {
    const by = target.closest("[data-zoom]")?.dataset.zoom;
    if (by === undefined) return;
    if (by === "0") set(Math.min(1, (map.clientWidth - 16) / natural.width, (map.clientHeight - 80) / natural.height));
    else step(Number(by));
  });
  map.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      step(event.deltaY < 0 ? 1 : -1);
    },
    { passive: false },
  );
}

function mark(panel) {
  document.querySelectorAll("[data-stage-ref]").forEach((row) => {
    const on = row.dataset.stageRef === panel?.dataset.stagePanel;
    row.classList.toggle("is-on", on);
    if (on) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
  panel?.focus({ preventScroll: true });
}
