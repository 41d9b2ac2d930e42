// Text and links of a PDF; the reader is loaded when the first one comes.
import { linesOfPage, type PageItem } from "./pdf-lines.ts";
import { withoutRunningLines } from "./running-lines.ts";
import { withTexLetters, withTypedSigns, type TextLine } from "./lines.ts";

export const pdfMaxPages = 30;
/** More pieces of text than a page of words has: drawings made of letters. */
const itemsMax = 60_000;
/** Of the first page's height. */
const topShare = 0.25;
const profile =
  /^https?:\/\/(?:[\w-]+\.)?(?:linkedin\.com\/in|github\.com|gitlab\.com|bitbucket\.org|x\.com|twitter\.com|behance\.net|dribbble\.com|medium\.com|orcid\.org|stackoverflow\.com\/users|kaggle\.com|facebook\.com|youtube\.com|quora\.com|instagram\.com|xing\.com\/profile|scholar\.google\.[a-z.]+)\/[@\w.-]+\/?[\w.-]*\/?$/i;

export interface ReadDocument {
  lines: TextLine[];
  /** Addresses behind words, in order. */
  links: string[];
  pages: number;
  /** Named, for its owner: what is beyond the bounds. */
  leftOut: string[];
}

interface TextItem {
  str: string;
  transform: number[];
  width: number;
  height: number;
  fontName: string;
}

/** Throws what the reader throws where it is damaged or locked. */
export async function readPdf(bytes: Uint8Array): Promise<ReadDocument> {
  const { getDocumentProxy } = await import("unpdf");
  const document = await getDocumentProxy(bytes, { stopAtErrors: false, verbosity: 0 });
  const lines: TextLine[] = [];
  const links: string[] = [];
  let count = 0;
  const pages = Math.min(document.numPages, pdfMaxPages);
  for (let number = 1; number <= pages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const [x0 = 0, , x1 = 612] = page.view;
    // Fonts have their names once the page's drawing has been read.
    await page.getOperatorList();
    const bold = new Map<string, boolean>();
    const isBold = (fontName: string) => {
      const known = bold.get(fontName);
      if (known !== undefined) return known;
      const font: unknown = page.commonObjs.has(fontName) ? page.commonObjs.get(fontName) : null;
      const name = String((font as { name?: unknown } | null)?.name ?? "");
      const found = /bold|black|heavy|semibold|demi|CMBX|SFBX|-Bd|medi/i.test(name);
      bold.set(fontName, found);
      return found;
    };
    const found: PageItem[] = [];
    for (const item of items as TextItem[]) {
      if (typeof item.str !== "string" || item.str === "") continue;
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform;
      // Turned text is decoration, or a watermark.
      if (Math.abs(b) > Math.abs(a) * 0.1 || Math.abs(c) > Math.abs(d) * 0.5) continue;
      count += 1;
      if (count > itemsMax) break;
      found.push({
        text: withTexLetters(item.str),
        x: x - x0,
        y,
        width: item.width,
        size: Math.abs(d),
        bold: isBold(item.fontName),
      });
    }
    lines.push(...linesOfPage(number, found, x1 - x0));
    const height = (page.view[3] ?? 792) - (page.view[1] ?? 0);
    for (const { url, rect } of (await page.getAnnotations()) as { url?: unknown; rect?: number[] }[]) {
      const fromTop = number === 1 ? 1 - ((rect?.[1] ?? 0) - (page.view[1] ?? 0)) / height : 1;
      if (typeof url === "string" && isOwn(url, fromTop)) links.push(url);
    }
    page.cleanup();
  }
  const { numPages } = document;
  await document.loadingTask.destroy();
  const leftOut = [
    ...(numPages > pages ? [`pages after the first ${pages}`] : []),
    ...(count > itemsMax ? ["what more there is of text than any page of words has"] : []),
  ];
  return { lines: withTypedSigns(withoutRunningLines(lines)), links: [...new Set(links)], pages, leftOut };
}

/** At the top an address is its owner's; further down only where it is a profile: papers and shops have links, too. */
function isOwn(url: string, shareFromTop: number): boolean {
  return shareFromTop <= topShare || /^mailto:|^tel:/i.test(url) || profile.test(url);
}
