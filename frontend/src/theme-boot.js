// Runs before the first paint: a profile that follows the system gets its light or dark at once.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    if (root.dataset.theme === "auto") root.dataset.bsTheme = system.matches ? "dark" : "light";
  };
  paint();
  system.addEventListener("change", paint);
})();
