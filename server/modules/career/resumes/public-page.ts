// A résumé as whoever has its address sees it: the parts that its owner chose, without script, for no search engine.
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { PublicPart } from "../../../../shared/schemas/career/resumes.ts";
import { pageOf, type PageEntry, type PageSection, type SectionName } from "../artefacts/page/page.ts";
import { linkTarget } from "../artefacts/page/links.ts";

const partOf: Readonly<Record<SectionName, PublicPart>> = {
  summary: "summary",
  experience: "experience",
  projects: "projects",
  education: "education",
  skills: "skills",
  awards: "awards",
  mentorship: "mentorship",
};

const style = `:root{color-scheme:light dark;--text:#1d2433;--muted:#5a6376;--line:#d9dde5;--page:#fff}
@media(prefers-color-scheme:dark){:root{--text:#e8ebf2;--muted:#a5aec0;--line:#39415280;--page:#14181f}}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem 4rem;overflow-wrap:anywhere}
h1{margin:0;font-size:2rem;line-height:1.2}h2{margin:2.25rem 0 .75rem;padding-bottom:.35rem;border-bottom:1px solid var(--line);font-size:1.15rem}
h3{margin:1.25rem 0 0;font-size:1rem}p{margin:.35rem 0}ul{margin:.4rem 0;padding-left:1.25rem}li{margin:.2rem 0}
.quiet{color:var(--muted)}a{color:inherit}`;

export function publicPageOf(content: ResumeContent, parts: readonly PublicPart[]): string {
  const page = pageOf(content);
  const shown = new Set(parts);
  const reach = [
    ...(shown.has("contact") ? page.contact.map(escaped) : []),
    ...(shown.has("links") ? page.links.map(linked) : []),
  ];
  const sections = page.sections.filter(({ name }) => shown.has(partOf[name]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${escaped(page.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(page.name)}</h1>
${page.headline === "" ? "" : `<p class="quiet">${escaped(page.headline)}</p>`}
${reach.length === 0 ? "" : `<p>${reach.join(" · ")}</p>`}
${sections.map((section) => `<section><h2>${escaped(section.heading)}</h2>\n${bodyOf(section, shown.has("links"))}</section>`).join("\n")}
</main>
</body>
</html>
`;
}

function bodyOf(section: PageSection, withLinks: boolean): string {
  if (section.kind === "text") return `<p>${escaped(section.text)}</p>`;
  if (section.kind === "list") return listOf(section.items);
  if (section.kind === "skills")
    return section.groups
      .map(({ title, items }) => `<p><strong>${escaped(title)}:</strong> ${escaped(items)}</p>`)
      .join("\n");
  return section.entries.map((entry) => entryOf(entry, withLinks)).join("\n");
}

function entryOf(entry: PageEntry, withLinks: boolean): string {
  const { title, organisation, place, dates, note } = entry;
  const below = [place, dates, note].filter((part) => part !== "").join(" · ");
  return [
    `<h3>${[title, organisation]
      .filter((part) => part !== "")
      .map(escaped)
      .join(", ")}</h3>`,
    below === "" ? "" : `<p class="quiet">${escaped(below)}</p>`,
    ...(withLinks ? entry.links.map((link) => `<p>${linked(link)}</p>`) : []),
    entry.bullets.length === 0 ? "" : listOf(entry.bullets),
  ].join("\n");
}

function listOf(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
}

/** Web and mail addresses alone lead anywhere. */
function linked(text: string): string {
  const target = linkTarget(text);
  return target === null
    ? escaped(text)
    : `<a href="${escaped(target)}" rel="nofollow noopener noreferrer">${escaped(text)}</a>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
