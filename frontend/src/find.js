// The search box: results as a listbox under it, walked by arrows, Enter opens, Esc closes.
const box = () => document.getElementById("find");
const list = () => document.getElementById("finds");
const options = () => [...list().querySelectorAll('[role="option"]')];

const open = (shown) => {
  list().hidden = !shown;
  box().setAttribute("aria-expanded", String(shown));
  if (!shown) box().removeAttribute("aria-activedescendant");
};

const choose = (option) => {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (!option) return box().removeAttribute("aria-activedescendant");
  option.id ||= `find-${options().indexOf(option)}`;
  box().setAttribute("aria-activedescendant", option.id);
  return option.scrollIntoView({ block: "nearest" });
};

const chosen = () => list().querySelector('[aria-selected="true"]');

const go = (option) => {
  open(false);
  box().blur();
  (option.matches("a") ? option : option.querySelector("a"))?.click();
};

const onKey = (event) => {
  if (event.key === "Escape") {
    event.preventDefault();
    if (list().hidden) box().value = "";
    open(false);
    return box().blur();
  }
  if (event.key === "Enter" && chosen() && !list().hidden) {
    event.preventDefault();
    return go(chosen());
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !options().length) return undefined;
  event.preventDefault();
  open(true);
  const all = options();
  return choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
};

export const startFind = () => {
  if (!box()) return;
  box().addEventListener("keydown", onKey);
  box().addEventListener("input", () => box().value.trim() || open(false));
  box().addEventListener("focus", () => options().length && box().value && open(true));
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== list()) return;
    open(Boolean(box().value.trim()) && list().childElementCount > 0 && document.activeElement === box());
    choose(options()[0]);
  });
  document.addEventListener("pointerdown", ({ target }) => target.closest?.("[data-find]") || open(false));
  list().addEventListener("click", ({ target }) => target.closest('[role="option"]') && open(false));
};
