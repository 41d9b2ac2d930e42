// The theme chosen on this device: the system's, light or dark. `public/theme.js` applies it before the first paint.

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "connvo.theme";

export function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    // Storage may be switched off: the choice then lasts as long as the page.
    return "system";
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    if (theme === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // As above.
  }
}
