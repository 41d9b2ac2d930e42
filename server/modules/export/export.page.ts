// What all pages of an export share: they open offline, without a script, in light and dark, on any screen and on paper.
import { Html, markup } from "./export.text.ts";

const style = `
:root { color-scheme: light dark; --page: light-dark(#f6f4ef, #14181b); --surface: light-dark(#fff, #1c2226);
  --line: light-dark(#e0dbd0, #313b41); --text: light-dark(#1d2327, #edf1f3); --muted: light-dark(#575e63, #aab6bd);
  --accent: light-dark(#0f5f5c, #6fd0c6); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 0 0 .75rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
p { margin: 0 0 .75rem; }
section { margin-top: 1.5rem; padding: 1.25rem; background: var(--surface); border: 1px solid var(--line);
  border-radius: 10px; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.muted, time { color: var(--muted); font-size: .875rem; }
ul, ol { margin: 0; padding-left: 1.25rem; }
li { margin: .25rem 0; }
ul.rows { padding: 0; list-style: none; }
ul.rows > li { margin: 0; padding: .6rem 0; border-top: 1px solid var(--line); }
ul.rows > li:first-child { border-top: 0; padding-top: 0; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
.lines p { margin: 0; padding: .4rem 0; }
.lines b { font-weight: 600; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } section { padding: 1rem } }
@media print { :root { color-scheme: light } body { background: #fff } section { border: 0; padding: 0 } }
`;

/** Nothing is loaded and nothing runs, whatever the words in it are. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'";

/** For pages that are written while they are read: what stands before their parts, and behind. */
export function pageFrame(title: string): { begin: string; end: string } {
  const begin = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
`;
  return { begin: begin.markup, end: "</main>\n</body>\n</html>\n" };
}

/** In UTC: the page does not know where it is read, and says so. */
export function time(at: string | Date | null): Html {
  if (at === null) return markup`<span class="muted">not known</span>`;
  const iso = typeof at === "string" ? at : at.toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

export function section(title: string, content: Html): Html {
  return markup`<section>
<h2>${title}</h2>
${content}
</section>
`;
}
