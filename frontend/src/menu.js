// Menus are popovers; this puts them beside their button, fills those that load, and walks them by arrows.
import htmx from "htmx.org";

const GAP = 4;

const placeMenu = (menu, button) => {
  const box = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const up = menu.dataset.menu === "up" ? box.top > height + GAP : box.bottom + height + GAP > innerHeight && box.top > height;
  const left = Math.min(Math.max(8, box.right - width), innerWidth - width - 8);
  menu.style.left = `${box.left + width < innerWidth - 8 && box.left < innerWidth / 2 ? box.left : left}px`;
  menu.style.top = `${up ? box.top - height - GAP : Math.min(box.bottom + GAP, Math.max(8, innerHeight - height - 8))}px`;
};

const items = (menu) => [...menu.querySelectorAll("a, button")].filter((item) => !item.disabled && item.offsetParent !== null);

const walk = (menu, event) => {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || !all.length) return;
  event.preventDefault();
  all[(to + all.length) % all.length].focus();
};

const opened = async (menu) => {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  button?.setAttribute("aria-expanded", "true");
  if (button) placeMenu(menu, button);
  if (menu.dataset.load) {
    await htmx.ajax("GET", menu.dataset.load, { target: menu, swap: "innerHTML" });
    if (button) placeMenu(menu, button);
  }
};

export const startMenus = () => {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.("[data-menu]")) return;
    if (event.newState === "open") opened(menu);
    else document.querySelector(`[popovertarget="${menu.id}"]`)?.setAttribute("aria-expanded", "false");
  }, true);
  document.addEventListener("keydown", (event) => {
    const open = event.target.closest?.("[data-menu]:popover-open") ?? targetOf(event.target);
    if (open) walk(open, event);
  });
  document.addEventListener("click", ({ target }) => {
    const menu = target.closest?.("[data-menu]:popover-open");
    const item = target.closest?.("a, button");
    // what changes the menu itself leaves it open
    const within = target.closest?.(".v-seg") ?? target.closest?.("[hx-target]")?.getAttribute("hx-target") === `#${menu?.id}`;
    if (menu && item && !within) menu.hidePopover();
  });
};

const targetOf = (button) => {
  const id = button.getAttribute?.("popovertarget");
  const menu = id && document.getElementById(id);
  return menu?.matches(":popover-open") ? menu : null;
};
