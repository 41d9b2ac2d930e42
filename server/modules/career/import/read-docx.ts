// Paragraphs of a Word document as lines: styles and numbering say what is a heading and what a bullet.
import { unzipSync, strFromU8 } from "fflate";
import { withLabelsBeside } from "./docx-tables.ts";
import { lineOf, withTypedSigns, type Segment, type TextLine } from "./lines.ts";
import type { ReadDocument } from "./read-pdf.ts";

/** What a part may unpack to: a zip can claim little and hold much. */
const partMaxBytes = 20 * 1024 * 1024;
const parts =
  /^word\/(?:document|styles|(?:header|footer)\d*|_rels\/document\.xml)\.?(?:xml|rels)?(?:\.rels)?$/;
const linesMax = 5_000;
/** Text boxes within text boxes. */
const nestedMost = 50;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Throws where it is damaged, or would unpack to too much. */
export function readDocx(bytes: Uint8Array): ReadDocument {
  let unpacked = 0;
  const files = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!parts.test(name)) return false;
      unpacked += originalSize;
      if (unpacked > partMaxBytes) throw new Error("the document unpacks to too much");
      return true;
    },
  });
  const document = files["word/document.xml"];
  if (document === undefined) throw new Error("the document has no text");
  const styles = headingStyles(text(files["word/styles.xml"]));
  const relations = new Map(
    [...text(files["word/_rels/document.xml.rels"]).matchAll(/<Relationship\b[^>]*>/g)].map(([tag]) => [
      attribute(tag, "Id"),
      attribute(tag, "Target"),
    ]),
  );
  const headers = Object.keys(files)
    .filter((name) => name.startsWith("word/header"))
    .sort()
    .map((name) => text(files[name]));
  const feet = Object.keys(files)
    .filter((name) => name.startsWith("word/footer"))
    .flatMap((name) => [...paragraphs(text(files[name]), styles)])
    // Of a foot only how to reach its owner is read; numbers of pages are not.
    .filter((line) => /[\w.+-]+@[\w-]+\.\w/.test(line.text));
  const links: string[] = [];
  const lines: TextLine[] = [];
  let isWhole = true;
  for (const xml of [...headers, text(document)])
    for (const line of paragraphs(xml, styles)) {
      isWhole = lines.length < linesMax;
      if (!isWhole) break;
      lines.push(line);
    }
  const leftOut = isWhole ? [] : [`lines after the first ${linesMax}`];
  // Below the name, where others have it.
  if (!lines.some((line) => /[\w.+-]+@[\w-]+\.\w/.test(line.text))) lines.splice(1, 0, ...feet.slice(0, 1));
  for (const [tag] of text(document).matchAll(/<w:hyperlink\b[^>]*>/g)) {
    const target = relations.get(attribute(tag, "r:id"));
    if (target !== undefined && /^(?:https?|mailto):/.test(target)) links.push(target);
  }
  return { lines: withTypedSigns(lines), links: [...new Set(links)], pages: 1, leftOut };
}

function* paragraphs(xml: string, styles: ReadonlyMap<string, number>): Generator<TextLine> {
  // What a text box holds stands a second time beside it, for older readers.
  const body = withLabelsBeside(xml.replace(/<mc:Fallback>[\s\S]*?<\/mc:Fallback>/g, ""));
  for (const paragraph of paragraphsIn(body)) {
    const properties = /<w:pPr>([\s\S]*?)<\/w:pPr>/.exec(paragraph)?.[1] ?? "";
    const style = attribute(/<w:pStyle\b[^>]*>/.exec(properties)?.[0] ?? "", "w:val");
    const listed = /<w:numPr>/.test(properties) && !/<w:numId w:val="0"/.test(properties);
    const bullet = (listed || /^List(?:Bullet|Paragraph)/i.test(style)) && !styles.has(style);
    const indent = Number(attribute(/<w:ind\b[^>]*>/.exec(properties)?.[0] ?? "", "w:left")) / 20 || 0;
    const runs = [
      ...paragraph.replace(/<w:pPr>[\s\S]*?<\/w:pPr>/, "").matchAll(/<w:r(?:\s[^>]*)?>([\s\S]*?)<\/w:r>/g),
    ];
    let segments: Segment[] = [{ x: indent, text: "" }];
    let letters = 0;
    let bold = 0;
    let size = 0;
    const finished = () =>
      lineOf({
        page: 1,
        size: size === 0 ? (styles.get(style) ?? 11) : size,
        bold: letters > 0 && bold > letters / 2,
        bullet,
        heading: styles.has(style),
        segments,
      });
    for (const [, run = ""] of runs) {
      const own = /<w:rPr>([\s\S]*?)<\/w:rPr>/.exec(run)?.[1] ?? "";
      const isBold = /<w:b(?:\s*\/>|\s+w:val="(?:1|true|on)")/.test(own);
      const halfPoints = Number(attribute(/<w:sz\b[^>]*>/.exec(own)?.[0] ?? "", "w:val"));
      for (const [token, , content] of run.matchAll(
        /<w:(t|tab|br|cr|noBreakHyphen)(?:\s[^>]*)?(?:\/>|>([^<]*)<\/w:t>)/g,
      )) {
        const last = segments.at(-1);
        if (token.startsWith("<w:tab")) segments.push({ x: indent + 200, text: "" });
        else if (token.startsWith("<w:noBreakHyphen") && last !== undefined) last.text += "-";
        else if (token.startsWith("<w:br") || token.startsWith("<w:cr")) {
          const line = finished();
          if (line !== null) yield line;
          segments = [{ x: indent, text: "" }];
        } else if (last !== undefined) {
          const words = unescaped(content ?? "");
          last.text += words;
          letters += words.length;
          if (isBold) bold += words.length;
          if (halfPoints > 0) size = Math.max(size, halfPoints / 2);
        }
      }
    }
    const line = finished();
    if (line !== null) yield line;
  }
}

interface OpenParagraph {
  /** Its own, without those of text boxes that are anchored in it. */
  xml: string;
  /** Where its own words begin, once there are any. */
  place: number;
  from: number;
}

/** Gone through once, by their tags. A text box's come as paragraphs of their own, where the words around it leave them. */
function* paragraphsIn(body: string): Generator<string> {
  const open: OpenParagraph[] = [];
  let done: OpenParagraph[] = [];
  const take = (paragraph: OpenParagraph, until: number) => {
    const own = body.slice(paragraph.from, until);
    const words = own.search(/<w:t[\s>]/);
    if (words >= 0) paragraph.place = Math.min(paragraph.place, paragraph.from + words);
    paragraph.xml += own;
  };
  for (const { 0: tag, index } of body.matchAll(/<w:p(?:\s[^>]*)?>|<\/w:p>/g)) {
    if (tag.endsWith("/>")) continue;
    const around = open.at(-1);
    if (around !== undefined) take(around, index);
    const from = index + tag.length;
    if (tag !== "</w:p>") {
      open.push({ xml: "", place: Infinity, from });
      if (open.length > nestedMost) throw new Error("its paragraphs are nested without end");
      continue;
    }
    const ended = open.pop();
    if (ended !== undefined) done.push(ended);
    const outer = open.at(-1);
    if (outer !== undefined) outer.from = from;
    else {
      for (const { xml } of done.sort((one, other) => one.place - other.place || 0)) yield xml;
      done = [];
    }
  }
}

/** By the style's id: the rank of its letters. */
function headingStyles(xml: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [style] of xml.matchAll(/<w:style\b[\s\S]*?<\/w:style>/g)) {
    const name = attribute(/<w:name\b[^>]*>/.exec(style)?.[0] ?? "", "w:val");
    const id = attribute(style, "w:styleId");
    const [, level] = /^heading (\d)$/i.exec(name) ?? [];
    if (level !== undefined) found.set(id, 18 - Number(level));
    else if (/^title$/i.test(name)) found.set(id, 24);
  }
  return found;
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function unescaped(value: string): string {
  return value.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi,
    (all: string, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? all;
      const code = hex === undefined ? Number(digits) : parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : strFromU8(bytes);
}
