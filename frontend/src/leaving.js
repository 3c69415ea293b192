// A card whose process requires a next step is not left without one: the dialog of the step opens instead. Whoever closes the
// browser all the same is asked by it; then the server plans the step. [data-needs-step] holds the dialog's address.
import htmx from "htmx.org";

const needs = () => document.querySelector("[data-needs-step]")?.dataset.needsStep;

/** Whether the card stays open; then its dialog is on the way. */
export const mustStay = () => {
  const url = needs();
  if (url && !document.querySelector("#dialogs dialog[open]")) htmx.ajax("GET", url, { target: "#dialogs", swap: "innerHTML" });
  return Boolean(url);
};

export const startLeaving = () => {
  addEventListener("beforeunload", (event) => {
    if (needs()) event.preventDefault();
  });
};
