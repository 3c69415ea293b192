// Server's partials into the page: morphed where they stand, so that focus, scroll and what is open stay.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

const KEPT = ["is-selected", "is-refused", "is-stale"];

export const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

/** What is typed must stay; a tile or a field that merely has the focus is renewed like any other. */
const isTypedIn = (element) => Boolean(element?.matches("input, textarea, select, [contenteditable]"));

/** Change an element into a new one with the same meaning. Returns true when something differed. */
export const morph = (element, next) => {
  const kept = KEPT.filter((name) => element.classList.contains(name));
  const before = element.outerHTML;
  next.classList?.add(...kept);
  Idiomorph.morph(element, next, {
    morphStyle: "outerHTML",
    ignoreActiveValue: isTypedIn(document.activeElement),
    callbacks: {
      // what a person has unfolded stays so, and what lies under an open card stays sealed
      beforeAttributeUpdated: (name, node) => name !== "inert" && (name !== "open" || !node.matches("details")),
      // a part that asks for itself (data-own) is not emptied by the answer around it
      beforeNodeMorphed: (old) => !old.hasAttribute?.("data-busy") && (old === element || !old.hasAttribute?.("data-own")),
      beforeNodeRemoved: (old) => !old.hasAttribute?.("data-busy") && !old.hasAttribute?.("data-note-of"),
    },
  });
  const now = element.id ? document.getElementById(element.id) : element;
  if (!now) return true;
  htmx.process(now);
  return now.outerHTML !== before;
};

/** Put every element of an answer in the place of the one with its id. Returns those that had no place. */
export const apply = (html) => {
  const homeless = [];
  for (const next of [...parse(html).children]) {
    const now = next.id ? document.getElementById(next.id) : null;
    next.removeAttribute("hx-swap-oob");
    // this is the answer the tile was busy waiting for
    if (now?.dataset.busy === "move") delete now.dataset.busy;
    if (now) morph(now, next);
    else homeless.push(next);
  }
  return homeless;
};

/** Show once that a colleague changed this. */
export const flash = (element) => {
  element.classList.remove("is-fresh");
  void element.offsetWidth;
  element.classList.add("is-fresh");
  setTimeout(() => element.classList.remove("is-fresh"), 1700);
};

/** Move an element in the document and let the eye follow. */
export const fly = (element, place) => {
  const from = element.getBoundingClientRect();
  place();
  const to = element.getBoundingClientRect();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || !from.width || !to.width) return;
  element.style.transform = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
  requestAnimationFrame(() => {
    element.classList.add("is-flying");
    element.style.transform = "";
    setTimeout(() => element.classList.remove("is-flying"), 260);
  });
};
