// A page line by line, as whoever reads it should find it: what the checks of an extracted text compare with.
import { inOrder, type Page, type PageEntry, type PageSection } from "../page/page.ts";
import { sectionOrders, type OwnTemplate } from "../page/templates.ts";

export type LineKind = "name" | "contact" | "heading" | "entry" | "date" | "bullet" | "text";
export interface ExpectedLine {
  kind: LineKind;
  text: string;
  /** For a sentence. */
  where: string;
}

/** In the order in which the template of ours shows them. */
export function expectedLines(page: Page, template: OwnTemplate): ExpectedLine[] {
  const ordered = inOrder(page, sectionOrders[template]);
  const lines: ExpectedLine[] = [
    { kind: "name", text: ordered.name, where: "the name" },
    { kind: "text", text: ordered.headline, where: "the headline" },
    ...[...ordered.contact, ...ordered.links].map((text) => ({
      kind: "contact" as const,
      text,
      where: "the contact details",
    })),
    ...ordered.sections.flatMap((section) => [
      { kind: "heading" as const, text: section.heading, where: `the heading ${section.heading}` },
      ...sectionLines(section),
    ]),
  ];
  return lines.filter(({ text }) => text !== "");
}

function sectionLines(section: PageSection): ExpectedLine[] {
  const where = section.heading;
  if (section.kind === "text") return [{ kind: "text", text: section.text, where }];
  if (section.kind === "list") return section.items.map((text) => ({ kind: "bullet", text, where }));
  if (section.kind === "skills") {
    return section.groups.map(({ title, items }) => ({ kind: "text", text: `${title}: ${items}`, where }));
  }
  return section.entries.flatMap((entry) => entryLines(entry, where));
}

function entryLines(entry: PageEntry, section: string): ExpectedLine[] {
  const where = `${section}, ${entry.organisation || entry.title}`;
  const line = (kind: LineKind) => (text: string) => ({ kind, text, where });
  return [
    ...[entry.title, entry.organisation, entry.place].map(line("entry")),
    line("date")(entry.dates),
    ...[entry.note, ...entry.links].map(line("entry")),
    ...entry.bullets.map(line("bullet")),
  ];
}
