// Runs before the first paint, so that a chosen theme never flashes. A file of its own for a strict content security policy.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("antiphon-theme");
    } catch {
      // Storage may be blocked; then the system's theme it is.
    }
    document.documentElement.dataset.theme = chosen ?? (dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  apply();
})();
