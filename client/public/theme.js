// Sets the chosen theme before the first paint; a file of its own because the content security policy allows no inline script.
/* global document, localStorage */
(function () {
  try {
    var theme = localStorage.getItem("connvo.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be switched off: the system's theme is used then.
  }
})();
