// Columns of the board that fold into a strip and stay so: each person's own.
import { send } from "./http.js";

export const startFold = () => {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-fold]");
    if (!button) return;
    const folded = button.closest("[data-column]").classList.toggle("is-folded");
    button.setAttribute("aria-expanded", !folded);
    send(button.dataset.fold, { method: folded ? "PUT" : "DELETE", quiet: true });
  });
};
