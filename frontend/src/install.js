// Putting Voronka on the home screen: [data-install] appears when the browser offers it.
let offer;

const show = () => {
  for (const button of document.querySelectorAll("[data-install]")) button.hidden = !offer;
};

export const startInstall = () => {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    show();
  });
  addEventListener("appinstalled", () => {
    offer = undefined;
    show();
  });
  document.addEventListener("click", async ({ target }) => {
    if (!target.closest?.("[data-install]") || !offer) return;
    const asked = offer;
    offer = undefined;
    show();
    await asked.prompt();
  });
};
