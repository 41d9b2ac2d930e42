// A page as calls of the macros that a template defines: the part between `\begin{document}` and `\end{document}`.
import type { Page, PageEntry, PageSection } from "../page/page.ts";
import { latexAddress, latexText } from "./escape.ts";

/** Name, headline, ways to reach the person. */
export function latexHead(page: Page): string {
  return [
    `\\cvname{${latexText(page.name)}}`,
    ...(page.headline === "" ? [] : [`\\cvheadline{${latexText(page.headline)}}`]),
    ...lines(latexReach(page.contact)),
    ...lines(latexReach(page.links)),
  ].join("\n");
}

export function latexSection(section: PageSection): string {
  const heading = `\\cvsection{${latexText(section.heading)}}`;
  if (section.kind === "text") return `${heading}\n\\cvtext{${latexText(section.text)}}`;
  if (section.kind === "skills") {
    const groups = section.groups.map(
      ({ title, items }) => `\\cvskills{${latexText(title)}}{${latexText(items)}}`,
    );
    return [heading, ...groups].join("\n");
  }
  if (section.kind === "list") return [heading, ...itemLines(section.items)].join("\n");
  return [heading, ...section.entries.flatMap((entry) => entryLines(entry))].join("\n");
}

function entryLines(entry: PageEntry): string[] {
  const fields = [entry.title, entry.organisation, entry.place, entry.dates, entry.note];
  return [
    `\\cventry${fields.map((field) => `{${latexText(field)}}`).join("")}`,
    ...entry.links.map((link) => `\\cvaddress{${linked(link)}}`),
    ...itemLines(entry.bullets),
  ];
}

function itemLines(items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return ["\\begin{cvitems}", ...items.map((item) => `  \\item ${latexText(item)}`), "\\end{cvitems}"];
}

/** Ways to reach the person on one line, each of them a link where it can be one. */
export function latexReach(parts: readonly string[]): string {
  return parts.map(linked).join("\\cvseparator ");
}

function lines(reach: string): string[] {
  return reach === "" ? [] : [`\\cvcontact{${reach}}`];
}

function linked(text: string): string {
  const address = latexAddress(text);
  return address === null ? latexText(text) : `\\href{${address}}{${latexText(text)}}`;
}
