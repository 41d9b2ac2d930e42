// A page as the data that the Typst templates read.
import { linkTarget } from "../page/links.ts";
import { inOrder, type Page, type PageSection } from "../page/page.ts";
import { sectionOrders, type Look } from "../page/templates.ts";
import { lineUnits } from "../page/words.ts";

/** Text that may be broken at its spaces; in brackets what may not be broken. */
type Parts = (string | [string])[];

export function typstData(page: Page, look: Look): string {
  const ordered = inOrder(page, sectionOrders[look.template]);
  return JSON.stringify({
    paper: look.paper === "a4" ? "a4" : "us-letter",
    title: page.name,
    name: parts(page.name),
    headline: parts(page.headline),
    contact: page.contact.map(linked),
    links: page.links.map(linked),
    sections: ordered.sections.map(sectionData),
  });
}

function sectionData(section: PageSection): unknown {
  const { kind } = section;
  const heading = parts(section.heading);
  if (section.kind === "text") return { kind, heading, text: parts(section.text) };
  if (section.kind === "list") return { kind, heading, items: section.items.map(parts) };
  if (section.kind === "skills") {
    return {
      kind,
      heading,
      groups: section.groups.map(({ title, items }) => ({ title: parts(title), items: parts(items) })),
    };
  }
  return {
    kind,
    heading,
    entries: section.entries.map((entry) => ({
      title: parts(entry.title),
      organisation: parts(entry.organisation),
      place: parts(entry.place),
      dates: parts(entry.dates),
      note: parts(entry.note),
      links: entry.links.map(linked),
      bullets: entry.bullets.map(parts),
    })),
  };
}

function linked(text: string): { parts: Parts; target: string | null } {
  return { parts: parts(text), target: linkTarget(text) };
}

/**
 * Words with a hyphen stay whole, since programs that read a page drop a hyphen at a line's end as one of hyphenation;
 * pieces of what is longer than a line may stand apart.
 */
function parts(text: string): Parts {
  const found: Parts = [];
  let open = "";
  for (const [at, pieces] of lineUnits(text).entries()) {
    if (at > 0) open += " ";
    const [only = ""] = pieces;
    if (pieces.length === 1 && !only.includes("-")) open += only;
    else {
      if (open !== "") found.push(open);
      open = "";
      found.push(...pieces.map((piece): [string] => [piece]));
    }
  }
  if (open !== "") found.push(open);
  return found;
}
