// Pages in words alone, for whoever comes to an address of ours from outside. No script, dark and light, any width.
import { escapeHtml } from "./escape-html.ts";

/** Where nothing is shown: whether anything ever was is not said. */
export function absentPage(): string {
  return plainPage(
    "Nothing is shown here",
    "<h1>Nothing is shown here</h1><p>Nothing is shown at this address. If somebody gave it to you, check that it is complete, or ask them for another one.</p>",
  );
}

export function failurePage(message: string): string {
  return plainPage("This did not work", `<h1>This did not work</h1><p>${escapeHtml(message)}</p>`);
}

/** `content` is HTML. */
export function plainPage(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="icon" href="/icon.svg" type="image/svg+xml"><title>${title} – Connvo</title><style>${style}</style></head><body><main>${content}</main></body></html>`;
}

const style = `
:root { color-scheme: light dark; --page: light-dark(#f6f4ef, #14181b); --surface: light-dark(#fff, #1c2226); --text: light-dark(#1d2327, #edf1f3); --line: light-dark(#857e70, #7b8a93); --accent: light-dark(#0f5f5c, #6fd0c6); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 2.5rem 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
ul { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: 0.5rem; }
button { width: 100%; min-height: 48px; padding: 0.5rem 0.75rem; font: inherit; font-weight: 600; text-align: start; overflow-wrap: anywhere; background: var(--surface); color: inherit; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
