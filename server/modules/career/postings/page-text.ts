// What stands on a web page, as lines that a posting's rules can read: headings, paragraphs and lists, without the frame around.
import { Parser } from "htmlparser2";
import { AppError } from "../../../../shared/errors.ts";
import { createPageTables } from "./page-tables.ts";

export interface PageText {
  /** The page's own part where it marks one, else all of it. Lists begin their lines with `- `. */
  text: string;
  title: string | null;
  siteName: string | null;
  /** The first heading. */
  heading: string | null;
  /** Contents of `application/ld+json`. */
  data: string[];
}

const dropped = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "iframe",
  "object",
  "select",
  "button",
  "nav",
  "form",
  "dialog",
]);
/** Around the page's own part, not within it: an article may have a header of its own. */
const framing = new Set(["header", "footer", "aside"]);
const headings = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);
const blocks = new Set(
  `address article blockquote body dd div dl dt fieldset figcaption figure footer header hr html li main ol p pre section
   table tbody td th thead tr ul`.split(/\s+/u),
);
/** By their role or name: what asks for cookies, leads elsewhere or shows other postings. */
const droppedRoles = new Set(["dialog", "alertdialog", "navigation", "banner", "contentinfo", "search"]);
const droppedNames =
  /^(?:(?:[\w-]+[-_])?(?:cookies?|consent|gdpr)[-_](?:banner|notice|bar|popup|modal|consent|overlay|message)[\w-]*|cookie-?banner|onetrust[\w-]*|(?:similar|related|recommended|more|other)[-_]?(?:jobs?|vacancies|positions|postings|roles)(?:[-_][\w-]*)?|breadcrumbs?|(?:top|main|site|page|global)?[-_]?(?:nav|navbar|navigation|footer)|skip-?(?:link|nav))$/iu;

/** Longer ones are nobody's, and looking through them takes long. */
const nameMaxChars = 200;

function isAroundByName({ role = "", class: classes = "", id = "" }: Record<string, string>): boolean {
  const names = `${classes} ${id}`.split(/\s+/u);
  return (
    droppedRoles.has(role) || names.some((name) => name.length <= nameMaxChars && droppedNames.test(name))
  );
}

/** A part that is marked as the page's own counts only with so much in it. */
const mainMinChars = 200;
/** Far deeper than pages are: the parser looks through all that is open for each end, so a hostile page could hold it up. */
const depthMost = 600;

/** Reads in one pass, without a tree. Throws VALIDATION_ERROR where it is nested without end. */
export function readPage(html: string): PageText {
  const whole = createLines();
  const own = createLines();
  const tables = createPageTables();
  const data: string[] = [];
  const found: { title: string; siteName: string | null; metaTitle: string | null; heading: string } = {
    title: "",
    siteName: null,
    metaTitle: null,
    heading: "",
  };
  const open: { name: string; drops: boolean; frames: boolean; isOwn: boolean }[] = [];
  let [drops, frames, owns] = [0, 0, 0];
  let reading: "title" | "data" | "heading" | null = null;
  let script = "";

  const each = (act: (lines: Lines) => void) => {
    if (drops > 0) return;
    if (frames === 0) act(whole);
    if (owns > 0) act(own);
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const hidden =
          "hidden" in attributes ||
          attributes["aria-hidden"] === "true" ||
          /display\s*:\s*none/iu.test(attributes["style"] ?? "");
        const isOwn = name === "main" || name === "article" || attributes["role"] === "main";
        const entry = {
          name,
          drops:
            dropped.has(name) ||
            ((hidden || (!isOwn && isAroundByName(attributes))) && name !== "body" && name !== "html"),
          frames: owns === 0 && framing.has(name),
          isOwn,
        };
        if (name === "meta") takeMeta(attributes, found);
        if (name === "title" && found.title === "") reading = "title";
        if (name === "script" && /ld\+json/iu.test(attributes["type"] ?? ""))
          [reading, script] = ["data", ""];
        if (name === "br") each((lines) => lines.end());
        if (open.length >= depthMost)
          throw new AppError(
            "VALIDATION_ERROR",
            "This page is nested deeper than pages are, so it is not read. Paste the posting's text instead.",
          );
        open.push(entry);
        if (entry.drops) drops += 1;
        if (entry.frames) frames += 1;
        if (isOwn) owns += 1;
        if (name === "h1" && found.heading === "" && drops === 0) reading = "heading";
        if (name === "li") each((lines) => lines.item());
        else if (headings.has(name)) each((lines) => lines.gap());
        else if (blocks.has(name)) each((lines) => lines.end());
        tables.open(name);
        if (name === "table" || name === "th" || (name === "tr" && tables.hasHeads()))
          each((lines) => lines.gap());
        const head = name === "td" ? tables.head() : null;
        if (head !== null)
          each((lines) => {
            lines.gap();
            lines.add(head);
            lines.item();
          });
      },
      ontext(text) {
        if (reading === "data") script += text;
        else if (reading === "title") found.title += text;
        else {
          if (reading === "heading") found.heading += text;
          each((lines) => lines.add(text));
          tables.text(text);
        }
      },
      onclosetag(name) {
        if (reading === "data" && name === "script") data.push(script);
        if (name === "title" || name === "script" || name === "h1") reading = null;
        tables.close(name);
        if (headings.has(name) || blocks.has(name)) each((lines) => lines.end());
        if (name === "ul" || name === "ol" || name === "p") each((lines) => lines.end());
        if (open.at(-1)?.name !== name) return;
        const entry = open.pop();
        if (entry?.drops === true) drops -= 1;
        if (entry?.frames === true) frames -= 1;
        if (entry?.isOwn === true) owns -= 1;
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(html);
  parser.end();
  const ownText = own.text();
  const or = (text: string | null) => (text === null || squeezed(text) === "" ? null : squeezed(text));
  return {
    text: ownText.length >= mainMinChars ? ownText : whole.text(),
    title: or(found.metaTitle) ?? or(found.title),
    siteName: or(found.siteName),
    heading: or(found.heading),
    data,
  };
}

/** Of a fragment, such as a description in HTML; plain text comes out as it is, by its lines. */
export function textOfHtml(html: string): string {
  return /<[a-z!/]|&[a-z#]/iu.test(html) ? readPage(html).text : plainLines(html);
}

/** HTML that came escaped once more, as some job boards send it. */
export function unescapedHtml(text: string): string {
  if (/<[a-z]/iu.test(text) || !/&(?:lt|#60|#x3c);/iu.test(text)) return text;
  let result = "";
  const parser = new Parser({ ontext: (part) => (result += part) }, { decodeEntities: true });
  parser.write(text);
  parser.end();
  return result;
}

/** As schemas take it (NFC, no control characters), with lines that say something and single gaps between them. */
export function plainLines(text: string): string {
  return (
    text
      .toWellFormed()
      .normalize("NFC")
      .replace(/\r\n?|\u2028|\u2029/gu, "\n")
      // eslint-disable-next-line no-control-regex -- these are what schemas refuse
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200d\ufeff]/gu, "")
      .replace(/[^\S\n]+/gu, " ")
      .replace(/ ?\n ?/gu, "\n")
      .replace(/\n{3,}/gu, "\n\n")
      .trim()
  );
}

interface Lines {
  add(text: string): void;
  end(): void;
  gap(): void;
  item(): void;
  text(): string;
}

function createLines(): Lines {
  const lines: string[] = [];
  let line = "";
  let isItem = false;
  const end = () => {
    const said = squeezed(line);
    // An item whose words stand in a paragraph of its own keeps its sign.
    if (said === "" && isItem) return;
    if (said !== "") lines.push(isItem ? `- ${said}` : said);
    [line, isItem] = ["", false];
  };
  return {
    add: (text) => (line += text),
    end,
    gap() {
      end();
      if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
    },
    item() {
      isItem = false;
      end();
      isItem = true;
    },
    text() {
      end();
      return plainLines(lines.join("\n"));
    },
  };
}

function squeezed(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

function takeMeta(
  { property, name, content = "" }: Record<string, string>,
  found: { siteName: string | null; metaTitle: string | null },
): void {
  if (property === "og:site_name") found.siteName ??= content;
  if (property === "og:title" || name === "twitter:title") found.metaTitle ??= content;
}
