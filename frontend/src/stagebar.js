// The stage bar of the card: a click on a stage is the same move as a drop on the board.
import { move } from "./move.js";
import { toast } from "./toast.js";

export const startStageBar = () => {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-move]");
    if (!button || button.disabled) return;
    const bar = button.closest(".v-stages");
    bar?.setAttribute("aria-busy", "true");
    button.disabled = true;
    const result = await move(button.dataset.moveUrl, { stage: button.dataset.move, ...(button.closest("[data-move-from]") && { from: button.closest("[data-move-from]").dataset.moveFrom }) });
    bar?.removeAttribute("aria-busy");
    if (button.isConnected) button.disabled = false;
    if (result.reason) toast({ text: result.rule ? `${result.rule}. ${result.reason}` : result.reason, tone: "late" });
  });
};
