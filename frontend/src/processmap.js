// The map of funnels: it fits as it opens, zooms by buttons, keys, Ctrl and wheel, and is dragged by its paper; which
// stage is open is marked and brought into sight as its panel comes.
const STEPS = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];
const LEGIBLE = 0.65; // a map that would be smaller to fit opens so and is scrolled
const KEYS = { "+": 1, "=": 1, "-": -1, 0: 0 };

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
    canvas.style.setProperty("margin-right", `${natural.width * (zoom - 1)}px`);
    bar.querySelector("[data-zoom-now]").textContent = `${Math.round(zoom * 100)} %`;
  };
  const step = (by) => {
    const at = STEPS.findIndex((one) => one >= zoom - 0.01);
    set(STEPS[Math.min(STEPS.length - 1, Math.max(0, (at < 0 ? STEPS.length : at) + by))]);
  };
  const wide = () => (map.clientWidth - 16) / natural.width;
  const whole = () => Math.min(1, wide(), (map.clientHeight - 80) / natural.height);
  const go = (by) => (by === 0 ? set(whole()) : step(by));
  if (wide() < 1) set(Math.max(LEGIBLE, wide()));
  map.querySelector(".v-funrow.is-on")?.scrollIntoView({ block: "nearest", inline: "center" });
  bar.addEventListener("click", ({ target }) => {
    const by = target.closest("[data-zoom]")?.dataset.zoom;
    if (by !== undefined) go(Number(by));
  });
  map.addEventListener("keydown", (event) => {
    if (event.target !== map || event.ctrlKey || event.altKey || !(event.key in KEYS)) return;
    event.preventDefault();
    go(KEYS[event.key]);
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
  pan(map);
}

/** The paper is pulled by the mouse; fingers scroll it by themselves. */
function pan(map) {
  let from = null;
  map.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("a, button, .v-menu, .v-funbox")) return;
    from = { x: event.clientX + map.scrollLeft, y: event.clientY + map.scrollTop };
    map.setPointerCapture(event.pointerId);
    map.classList.add("is-held");
  });
  map.addEventListener("pointermove", (event) => {
    if (!from) return;
    map.scrollLeft = from.x - event.clientX;
    map.scrollTop = from.y - event.clientY;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    map.addEventListener(end, () => {
      from = null;
      map.classList.remove("is-held");
    });
  }
}

function mark(panel) {
  document.querySelectorAll("[data-stage-ref]").forEach((row) => {
    const on = row.dataset.stageRef === panel?.dataset.stagePanel;
    row.classList.toggle("is-on", on);
    if (on) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (on) row.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  panel?.focus({ preventScroll: true });
}
