// The composer and other tabs of one box: arrows between tabs, one panel shown. The text travels with the tab.
const tabs = (list) => [...list.querySelectorAll('[role="tab"]')];

const select = (tab) => {
  const list = tab.closest('[role="tablist"]');
  const typed = tabs(list).map((other) => panel(other)?.querySelector("textarea")).find((area) => area?.closest("form") && !area.closest("[hidden]"));
  for (const other of tabs(list)) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    const body = panel(other);
    if (body) body.hidden = !on;
  }
  const area = panel(tab)?.querySelector("textarea");
  const own = typed?.defaultValue; // it came written: it stays where it is
  if (typed && area && typed !== area && typed.value && !own && !area.value) {
    area.value = typed.value;
    typed.value = "";
  }
};

const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

export const startComposer = () => {
  document.addEventListener("click", ({ target }) => {
    const tab = target.closest?.('[data-composer] [role="tab"]');
    if (!tab) return;
    select(tab);
    panel(tab)?.querySelector("textarea")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.('[data-composer] [role="tab"]');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    event.preventDefault();
    const all = tabs(tab.closest('[role="tablist"]'));
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    select(next);
    next.focus();
  });
};
