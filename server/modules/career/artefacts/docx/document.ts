// A page as a Word document with real headings and lists: the parts of an OOXML package, as text.
import { inOrder, type Page, type PageEntry, type PageSection } from "../page/page.ts";
import { linkTarget } from "../page/links.ts";
import { sectionOrders, type Look, type Paper } from "../page/templates.ts";
import { numberingXml, stylesXml } from "./styles.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaged = "http://schemas.openxmlformats.org/package/2006";
const wordMl = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/** By their names in the package; the order is that of the file. */
export function docxParts(page: Page, options: Look): [string, string][] {
  const links: string[] = [];
  const body = bodyOf(inOrder(page, sectionOrders[options.template]), links);
  return [
    ["[Content_Types].xml", contentTypes],
    ["_rels/.rels", packageRelations],
    ["docProps/core.xml", coreProperties(page)],
    ["word/document.xml", documentXml(body, options.paper)],
    ["word/_rels/document.xml.rels", documentRelations(links)],
    ["word/styles.xml", declaration + stylesXml(options.template)],
    ["word/numbering.xml", declaration + numberingXml()],
  ];
}

function bodyOf(page: Page, links: string[]): string {
  const reach = (parts: readonly string[]) =>
    parts.length === 0
      ? []
      : [paragraph("Contact", parts.map((part) => linked(part, links)).join(run(" | ")))];
  return [
    paragraph("Title", run(page.name)),
    ...(page.headline === "" ? [] : [paragraph("Subtitle", run(page.headline))]),
    ...reach(page.contact),
    ...reach(page.links),
    ...page.sections.flatMap((section) => sectionOf(section, links)),
  ].join("");
}

function sectionOf(section: PageSection, links: string[]): string[] {
  const heading = paragraph("Heading1", run(section.heading));
  if (section.kind === "text") return [heading, paragraph("Normal", run(section.text))];
  if (section.kind === "list") return [heading, ...section.items.map(bullet)];
  if (section.kind === "skills") {
    return [
      heading,
      ...section.groups.map(({ title, items }) =>
        paragraph("Normal", run(`${title}:`, "Strong") + run(` ${items}`)),
      ),
    ];
  }
  return [heading, ...section.entries.flatMap((entry) => entryOf(entry, links))];
}

function entryOf(entry: PageEntry, links: string[]): string[] {
  const below = [entry.organisation, entry.place, entry.dates, entry.note].filter((part) => part !== "");
  return [
    ...(entry.title === "" ? [] : [paragraph("Heading2", run(entry.title))]),
    ...(below.length === 0 ? [] : [paragraph("EntryDetails", run(below.join(" | ")))]),
    ...entry.links.map((link) => paragraph("Normal", linked(link, links))),
    ...entry.bullets.map(bullet),
  ];
}

function bullet(text: string): string {
  return paragraph("ListBullet", run(text));
}

function paragraph(style: string, content: string): string {
  return `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${content}</w:p>`;
}

function run(text: string, style?: string): string {
  const properties = style === undefined ? "" : `<w:rPr><w:rStyle w:val="${style}"/></w:rPr>`;
  return `<w:r>${properties}<w:t xml:space="preserve">${xmlText(text)}</w:t></w:r>`;
}

function linked(text: string, links: string[]): string {
  const target = linkTarget(text);
  if (target === null) return run(text);
  links.push(target);
  return `<w:hyperlink r:id="link${links.length}">${run(text)}</w:hyperlink>`;
}

/** XML has no form for U+FFFE and U+FFFF; other controls are gone from a page's texts. */
function xmlText(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/gu, "\ufffd")
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/>/gu, "&gt;")
    .replace(/"/gu, "&quot;");
}

function documentXml(body: string, paper: Paper): string {
  const size = paper === "a4" ? 'w:w="11906" w:h="16838"' : 'w:w="12240" w:h="15840"';
  const margins =
    'w:top="907" w:right="1077" w:bottom="907" w:left="1077" w:header="0" w:footer="0" w:gutter="0"';
  return (
    `${declaration}<w:document xmlns:w="${wordMl}" xmlns:r="${office}"><w:body>${body}` +
    `<w:sectPr><w:pgSz ${size}/><w:pgMar ${margins}/></w:sectPr></w:body></w:document>`
  );
}

/** Without a date: the same résumé has the same bytes. */
function coreProperties(page: Page): string {
  const name = xmlText(page.name);
  return (
    `${declaration}<cp:coreProperties xmlns:cp="${packaged}/metadata/core-properties" ` +
    'xmlns:dc="http://purl.org/dc/elements/1.1/">' +
    `<dc:title>${name}</dc:title><dc:creator>${name}</dc:creator></cp:coreProperties>`
  );
}

const contentTypes =
  `${declaration}<Types xmlns="${packaged}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/>' +
  `<Override PartName="/word/document.xml" ContentType="${wordType}.document.main+xml"/>` +
  `<Override PartName="/word/styles.xml" ContentType="${wordType}.styles+xml"/>` +
  `<Override PartName="/word/numbering.xml" ContentType="${wordType}.numbering+xml"/>` +
  '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>' +
  "</Types>";

const packageRelations =
  `${declaration}<Relationships xmlns="${packaged}/relationships">` +
  `<Relationship Id="document" Type="${office}/officeDocument" Target="word/document.xml"/>` +
  `<Relationship Id="core" Type="${packaged}/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
  "</Relationships>";

function documentRelations(links: readonly string[]): string {
  const external = links.map(
    (target, at) =>
      `<Relationship Id="link${at + 1}" Type="${office}/hyperlink" Target="${xmlText(target)}" TargetMode="External"/>`,
  );
  return (
    `${declaration}<Relationships xmlns="${packaged}/relationships">` +
    `<Relationship Id="styles" Type="${office}/styles" Target="styles.xml"/>` +
    `<Relationship Id="numbering" Type="${office}/numbering" Target="numbering.xml"/>` +
    `${external.join("")}</Relationships>`
  );
}
