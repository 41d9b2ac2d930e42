// Who a résumé is of and how to reach them, as far as its top says so; nothing is made up for what is missing.
import { isLongPlace, isPlace, isPostalPlace } from "./heads.ts";
import { trimmed } from "./find-dates.ts";
import type { TextLine } from "./lines.ts";
import { couldBeName, isTitleOfPage } from "./sections.ts";

export interface Contact {
  basics: { name?: string; headline?: string; email?: string; phone?: string; location?: string };
  links: string[];
  /** What else stood there: often a summary without a heading. */
  rest: string[];
}

const email = /[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+/u;
const phone = /(?:\(?\+|\b00|\(|\b)\d[\d\s().\u2010-\u2013/-]{6,18}\d\b/u;
const address =
  /(?:https?:\/\/|www\.)[^\s|,;<>]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me|ai|co|uk|de|ch|fr|eu|edu|app|info|tech|in|nl|at|us|ca|au|design|page|sh)(?![\p{L}\d-])(?:\/[^\s|,;<>]*)?/giu;
/** Between details: bars, dots, other small drawings and what fonts of pictures leave. */
const divider =
  /\s+[\u00b7\u2013\u2014]\s+|\s*[|\u2022\u22c4\u25e6\u2666\p{Co}\u2600-\u27bf\u25a0-\u25ff\u00a7]\s*|\s{3,}/u;
const label =
  /^(?:e-?mail(?: address)?|e-post|correo(?: electrónico)?|courriel|phone(?: number)?|tel(?:ephone|efon|éfono|efono|efoon)?|tél(?:éphone)?|mobile?|mobil|handy|móvil|portable|cell|address|adresse|anschrift|dirección|indirizzo|wohnort|location|website|webseite|homepage|web|linkedin|github|portfolio|m|p|e|t|a|w)(?:\s*:|\.(?:\s*:|(?=\s)))\s*/i;
/** What a line of personal details is about, where it stands apart from what it says. */
const detail =
  /^(?:e-?mail|phone|tel(?:ephone|efon|éfono)?|téléphone|mobile?|mobil|address|adresse|anschrift|wohnort|ort|location|(?:full |last |first )?name|nom|nombre(?: completo)?|beruf|position|job title|occupation|profession|current position|geburts(?:datum|ort)|staatsangehörigkeit|familienstand|date of birth|nationality|nationalité|nacionalidad)\s*:?$/i;
/** What is nobody's business here. */
const personalFact =
  /^(?:nationality|nationalité|nacionalidad|staatsangehörigkeit|geburts(?:datum|ort)|familienstand|date of birth|place of birth|birth ?date|born|marital status|civil status|gender|sex|religion|driving licen[cs]e|visa status)\b/i;

export function contactOf(
  header: readonly TextLine[],
  others: readonly TextLine[],
  linked: readonly string[],
): Contact {
  const basics: Contact["basics"] = {};
  const links: string[] = [];
  const rest: string[] = [];
  const take = (line: TextLine, inHeader: boolean) => {
    const [first, ...values] = line.segments;
    if (first !== undefined && personalFact.test(first.text) && line.text.split(" ").length <= 8) return;
    const about = first !== undefined && values.length > 0 ? detail.exec(first.text) : null;
    const value = values[0]?.text;
    const field = about === null ? undefined : detailField(about[0]);
    if (field !== undefined && value !== undefined) {
      basics[field] ??= value;
      return;
    }
    // Below the name, of several things that one is, none of them a way to reach anybody.
    if (line === below && isSelfPraise(line)) {
      rest.push(line.text);
      return;
    }
    for (const segment of about === null ? line.segments : values)
      for (const part of segment.text.split(divider)) {
        const left = takePart(part.replace(label, ""), basics, links);
        if (left !== "" && inHeader) rest.push(left);
      }
  };
  const named = nameLine(header);
  const second = named === undefined ? undefined : secondOfName(header, named);
  const top = withWholeAddresses(header);
  const below = named === undefined ? undefined : top[top.indexOf(second ?? named) + 1];
  for (const line of top)
    if (line !== named && line !== second && !isTitleOfPage(line.text)) take(line, true);
  for (const line of withWholeAddresses(others)) take(line, false);
  if (named !== undefined && basics.name === undefined) {
    // "Ann Bell, PhD" is a name; "Ann Bell - Engineer" is a name and what she is.
    const [name = "", ...more] = piecesOfName(named).flatMap((text) => text.split(/\s+[|\u2013\u2014-]\s+/u));
    const whole = properCase(takePart(second === undefined ? name : `${name} ${second.text}`, basics, links));
    if (whole !== "") basics.name = whole;
    rest.unshift(
      ...more.map((part) => takePart(part.replace(label, ""), basics, links)).filter((part) => part !== ""),
    );
  }
  for (const url of linked) {
    if (url.startsWith("mailto:")) basics.email ??= decodeURIComponent(url.slice(7).split("?")[0] ?? "");
    else if (!url.startsWith("tel:")) links.push(url);
  }
  const [first] = rest;
  if (
    basics.headline === undefined &&
    basics.name !== undefined &&
    first !== undefined &&
    /\p{Lu}/u.test(first) &&
    first.split(" ").length <= 10 &&
    !/[.!?]$/.test(first)
  ) {
    basics.headline = first;
    rest.shift();
  }
  return { basics, links: distinct(links), rest };
}

function detailField(about: string): "name" | "headline" | "location" | undefined {
  if (/^(?:(?:full )?name|nom|nombre)/i.test(about)) return "name";
  if (/^(?:beruf|position|current position|job title|occupation|profession)/i.test(about)) return "headline";
  return /^(?:wohnort|ort|location)/i.test(about) ? "location" : undefined;
}

/** "Engineer | Speaker | Writer". */
function isSelfPraise({ text, segments }: TextLine): boolean {
  const parts = text.split(/\s+\|\s+/);
  const reaches = (part: string) =>
    email.test(part) ||
    /\d/.test(part) ||
    new RegExp(address.source, "iu").test(part) ||
    isPlace(part) ||
    label.test(part);
  return segments.length === 1 && parts.length > 1 && parts.every((part) => !reaches(part));
}

/** In a narrow column an address goes on in the next line. */
function withWholeAddresses(lines: readonly TextLine[]): TextLine[] {
  const whole: TextLine[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    const goesOn =
      last?.segments.length === 1 &&
      line.segments.length === 1 &&
      /^\S+\.\S+[-/_]$/.test(last.text) &&
      /^[\w./-]+$/.test(line.text);
    if (last !== undefined && goesOn) {
      const text = last.text + line.text;
      whole[whole.length - 1] = { ...last, text, segments: [{ x: last.x, text }] };
    } else whole.push(line);
  }
  return whole;
}

/** "Y U K I   T A N A K A" is two words, each of letters set apart. */
function piecesOfName({ segments }: TextLine): string[] {
  const apart = segments.every(({ text }) => /^\p{L}(?: \p{L})+$/u.test(text));
  return apart
    ? [segments.map(({ text }) => text.replaceAll(" ", "")).join(" ")]
    : segments.map(({ text }) => text);
}

/** The largest line of the top that could be one. */
function nameLine(header: readonly TextLine[]): TextLine | undefined {
  const possible = header.slice(0, 12).filter(({ segments, bullet }) => {
    // What stands apart in the same line may be an address.
    const alone = segments.every(({ text }) => text.length === 1 || /^\p{L}(?: \p{L})+$/u.test(text));
    const text = alone ? segments.map((one) => one.text).join(" ") : (segments[0]?.text ?? "");
    return (
      !bullet &&
      couldBeName(text) &&
      !(segments.length > 1 && detail.test(segments[0]?.text ?? "")) &&
      !email.test(text.split(/\s*[|\u2022\u00b7]\s*/)[0] ?? "") &&
      !isTitleOfPage(text) &&
      !/\d{3}/.test(text.slice(0, 20))
    );
  });
  const largest = Math.max(...possible.map(({ size }) => size), 0);
  return possible.find(({ size }) => size >= largest - 0.5);
}

/** In a narrow column a name takes two lines: the next one looks the same, and as nothing else does. */
function secondOfName(header: readonly TextLine[], named: TextLine): TextLine | undefined {
  const next = header[header.indexOf(named) + 1];
  const isWords = ({ text, segments }: TextLine) =>
    segments.length === 1 && /^\p{Lu}[\p{L}.'’-]*(?: [\p{L}.'’-]+){0,2}$/u.test(text);
  const alike = next?.size === named.size && next.bold === named.bold && next.page === named.page;
  const others = header.filter(({ size }) => size >= named.size - 0.5).length;
  const near = next !== undefined && Math.abs(next.x - named.x) < 4;
  return alike && near && next.right > 0 && others === 2 && isWords(named) && isWords(next)
    ? next
    : undefined;
}

function takePart(part: string, basics: Contact["basics"], links: string[]): string {
  let left = part;
  const mail = email.exec(left);
  if (mail !== null) {
    basics.email ??= mail[0];
    left = left.replace(mail[0], " ");
  }
  for (const [url] of left.matchAll(address)) {
    links.push(url.replace(/[.)]+$/, ""));
    left = left.replace(url, " ");
  }
  const number = phone.exec(left);
  if (
    number !== null &&
    number[0].replace(/\D/g, "").length >= 7 &&
    !/^\d{4}\s?[-\u2013]\s?\d{4}$/.test(number[0])
  ) {
    basics.phone ??= number[0].trim();
    left = left.replace(number[0], " ");
  }
  left = trimmed(left.replace(label, ""));
  if (
    isPlace(left) ||
    isLongPlace(left) ||
    isPostalPlace(left) ||
    /^(?:\d+[\w-]*\s.{3,60},\s*)?[\p{L} .'-]+,\s*[A-Z]{2}\s+\d{5}$/u.test(left)
  ) {
    basics.location ??= left;
    return "";
  }
  const ended = /^(.*?)[,\s]*(\p{Lu}[\p{L}. -]+,\s*(?:[A-Z]{2}|\p{Lu}\p{L}+))$/u.exec(left);
  if (mail !== null && ended !== null && isPlace(ended[2] ?? "")) {
    basics.location ??= ended[2] ?? "";
    return trimmed(ended[1] ?? "");
  }
  return /\p{L}{2}/u.test(left) &&
    !/^(?:linkedin|github|email|e-mail|phone|website|portfolio|mobile)$/i.test(left)
    ? left
    : "";
}

/** "ANN BELL" as she writes it in a letter. */
function properCase(name: string): string {
  if (name !== name.toUpperCase() || name.length < 4) return name;
  return name.toLowerCase().replace(/(?<![\p{L}\p{M}])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** The same address once, however it is written; the longer writing counts. */
export function distinct(links: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const link of links) {
    const key = decoded(link)
      .replace(/^https?:\/\//i, "")
      .replace(/^www\./i, "")
      .replace(/\/$/, "")
      .toLowerCase();
    const known = found.get(key);
    if (known === undefined || (known.length < link.length && !link.includes("%"))) found.set(key, link);
  }
  return [...found.values()];
}

function decoded(link: string): string {
  try {
    return decodeURI(link).replace(/%7e/gi, "~");
  } catch {
    return link;
  }
}
