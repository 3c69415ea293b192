// The card's timeline: opens at its newest end, stays there when something new comes, keeps its place when older ones load above.
// On a phone the card is one column: its parts are tabs.
const NEAR = 60;

const atEnd = (flow) => flow.scrollHeight - flow.scrollTop - flow.clientHeight < NEAR;

const toEnd = (flow) => {
  flow.scrollTop = flow.scrollHeight;
};

const dress = (root) => {
  const flows = root.matches?.("[data-flow]") ? [root] : root.querySelectorAll?.("[data-flow]") ?? [];
  for (const flow of flows) {
    if ("placed" in flow.dataset) continue;
    flow.dataset.placed = "";
    toEnd(flow);
    watch(flow);
  }
};

/** New entries at the end are followed only by somebody who is there. */
const watch = (flow) => {
  let there = true;
  let last = flow.scrollTop;
  flow.addEventListener("scroll", () => {
    // a picture may come between our own scrolling and its event: only going up is leaving
    there = atEnd(flow) || (there && flow.scrollTop >= last);
    last = flow.scrollTop;
  }, { passive: true });
  // a picture takes its room only when it has come
  flow.addEventListener("load", () => there && toEnd(flow), true);
  new ResizeObserver(() => there && toEnd(flow)).observe(flow);
  const box = flow.querySelector("[data-newer]");
  if (box) new MutationObserver(() => there && toEnd(flow)).observe(flow, { childList: true, subtree: true });
};

/** Older entries come above: what is read stays where it is. */
const keepPlace = (event) => {
  const flow = event.detail.elt?.closest?.("[data-flow]");
  if (!flow || !event.detail.elt.matches(".v-pager")) return;
  const below = flow.scrollHeight - flow.scrollTop;
  requestAnimationFrame(() => {
    flow.scrollTop = flow.scrollHeight - below;
  });
};

const showPart = (tab) => {
  const body = document.querySelector("[data-card-body]");
  if (!body) return;
  body.dataset.show = tab.dataset.show;
  for (const other of tab.parentElement.querySelectorAll("[data-show]")) {
    if (other === tab) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  const flow = body.querySelector("[data-flow]");
  if (flow && tab.dataset.show === "flow") toEnd(flow);
};

export const startFlow = () => {
  dress(document);
  document.addEventListener("htmx:load", ({ target }) => dress(target));
  document.addEventListener("card:shown", ({ target }) => dress(target));
  document.addEventListener("htmx:beforeSwap", keepPlace);
  document.addEventListener("click", ({ target }) => {
    const tab = target.closest?.("button[data-show]");
    if (tab) showPart(tab);
  });
};
