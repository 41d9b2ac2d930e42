// Addresses in what people said and wrote: only of the web, as they stand there, each once with where it comes from. Pure.
import type { Citation, SharedLink } from "../../../shared/schemas/insights.ts";
import type { UserId } from "../../../shared/ids.ts";

export interface FoundAddress {
  url: string;
  title: string;
}

export const linksMost = 30;
const longestUrl = 2_000;
const titleMostChars = 80;

/** Domains that people name without `https://` before them; others are too easily an end of a sentence. */
const bareEndings = "com|org|net|edu|gov|io|dev|eu|de|uk|fr|nl|ch";
const sign = "[^\\s<>\"'“”‘’`|\\\\^{}]";
const bare = `(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}(?:${bareEndings})(?![\\p{L}\\p{N}@-]|\\.[\\p{L}\\p{N}])(?:/${sign}*)?`;
const addresses = new RegExp(`(?<![\\p{L}\\p{N}@/._:-])(?:https?://${sign}+|www\\.${sign}+|${bare})`, "giu");
/** As recognisers of speech write what is spelt out: `example dot org`. */
const spelt = new RegExp(String.raw`(?<=[\p{L}\p{N}]) dot (?=(?:${bareEndings})\b)`, "giu");
/** Would show another order or nothing at all than is there. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export function addressesIn(text: string, { spoken = false } = {}): FoundAddress[] {
  const read = spoken ? text.replace(spelt, ".") : text;
  return [...read.matchAll(addresses)].flatMap(([found]) => addressOf(found) ?? []);
}

function addressOf(found: string): FoundAddress | null {
  const written = withoutEnd(found);
  if (hidden.test(written) || written.length > longestUrl) return null;
  const whole = /^https?:\/\//i.test(written) ? written : `https://${written}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  // One with a name before the host pretends to be another host, or carries a password.
  if (url.username !== "" || url.password !== "" || !url.hostname.includes(".")) return null;
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  const shown = `${url.host}${url.pathname === "/" ? "" : url.pathname}${url.search}`;
  const title = shown.length > titleMostChars ? `${shown.slice(0, titleMostChars)}…` : shown;
  return { url: url.href, title };
}

/** Without the signs of the sentence around it; a bracket stays where it was opened in the address. */
function withoutEnd(found: string): string {
  let text = found;
  for (;;) {
    const shorter = text.replace(/[.,;:!?*_~…]+$/u, "");
    const closes = /[)\]]$/.test(shorter);
    const open = shorter.split(/[([]/).length;
    const closed = shorter.split(/[)\]]/).length;
    const next = closes && closed > open ? shorter.slice(0, -1) : shorter;
    if (next === text) return text;
    text = next;
  }
}

/** Said in the call, with the words it was said in. */
export type SaidLink = FoundAddress & { citation: Citation };

export function presentSaid({ url, title, citation }: SaidLink): SharedLink {
  const { sequence, startMs, speakerId } = citation;
  return { type: "said", url, title, sequence, startMs, userId: speakerId };
}

export function chatLinks(messages: readonly { userId: UserId; content: string }[]): SharedLink[] {
  return messages.flatMap(({ userId, content }) =>
    addressesIn(content).map((found) => ({ type: "chat", ...found, sequence: null, startMs: null, userId })),
  );
}

export function notesLinks(content: string): SharedLink[] {
  return addressesIn(readable(content)).map((found) => ({
    type: "notes",
    ...found,
    sequence: null,
    startMs: null,
    userId: null,
  }));
}

/** Markdown's own signs would end an address, or stand in it. */
function readable(markdown: string): string {
  return markdown.replaceAll("](<", " <").replace(/\\([\p{P}\p{S}])/gu, "$1");
}

/** Each address once, where it came first in the order of the lists. */
export function distinctLinks(links: readonly SharedLink[]): SharedLink[] {
  const byUrl = new Map<string, SharedLink>();
  for (const link of links) if (!byUrl.has(link.url)) byUrl.set(link.url, link);
  return [...byUrl.values()].slice(0, linksMost);
}
