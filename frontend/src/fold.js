// Columns of the board that fold into a strip and stay so: each person's own.
import { send } from "./http.js";

export const startFold = () => {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-fold]");
    if (!button) return;
    const of = CSS.escape(button.dataset.foldOf);
    const folded = !button.closest(".v-colm").classList.contains("is-folded");
    for (const column of document.querySelectorAll(`[data-column="${of}"], [data-head="${of}"]`)) column.classList.toggle("is-folded", folded);
    button.setAttribute("aria-expanded", !folded);
    send(button.dataset.fold, { method: folded ? "PUT" : "DELETE", quiet: true, keepalive: true });
  });
};
