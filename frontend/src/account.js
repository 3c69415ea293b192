// Sign-in and first run: the browser's time zone, the preview of the chosen process, forgetting pushes after sign-out.
import { forgetRecent } from "./offline.js";

const guessZone = (mark) => {
  if (!mark || "given" in mark.dataset) return;
  const select = document.querySelector(`[name="${mark.dataset.zoneGuess}"]`);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
};

const showPreset = () => {
  const chosen = document.querySelector("[name=preset]:checked")?.value;
  for (const preview of document.querySelectorAll("[data-preset]")) preview.hidden = preview.dataset.preset !== chosen;
};

// Whoever signs in next on this computer must not inherit the pushes of the one before.
const forgetPushes = async () => {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
};

export const startAccount = () => {
  guessZone(document.querySelector("[data-zone-guess]"));
  if (document.querySelector("[data-preset]")) {
    document.addEventListener("change", showPreset);
    showPreset();
  }
  if (!document.querySelector("[data-push-forget]")) return;
  forgetPushes().catch(() => null);
  forgetRecent().catch(() => null);
};
