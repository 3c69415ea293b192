// The theme switch shows its choice at once; the profile keeps it.
import { send } from "./http.js";
import { fail } from "./toast.js";

const system = matchMedia("(prefers-color-scheme: dark)");

const paint = (theme) => {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.dataset.bsTheme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
  for (const button of document.querySelectorAll("[data-theme-form] [name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
};

export const startTheme = () => {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    const before = document.documentElement.dataset.theme;
    const theme = event.submitter.value;
    paint(theme);
    const answer = await send(form.action, { method: "POST", fields: { theme } });
    if (!answer.ok) {
      paint(before);
      fail(answer);
    }
  });
};
