// Mail addresses and header text made safe: nothing from outside may start a new header or a further recipient.

export interface Mailbox {
  name: string | null;
  address: string;
}

const addressMaxChars = 254;
const nameMaxChars = 120;
const headerMaxChars = 200;

/** An address as `local@domain` in printable characters; quoted local parts, groups and lists are refused. */
export function isMailAddress(value: string): boolean {
  return (
    value.length <= addressMaxChars &&
    /^[^\s@<>()[\],;:\\"\p{C}]{1,64}@[^\s@<>()[\],;:\\"\p{C}]+$/u.test(value)
  );
}

/** Reads `Name <address>` or a bare address; null where it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const named = /^(?<name>[^<>\p{Cc}]*)<(?<address>[^<>]+)>$/u.exec(text.trim());
  const address = (named?.groups?.["address"] ?? text).trim();
  if (!isMailAddress(address)) return null;
  const name = (named?.groups?.["name"] ?? "").trim().replace(/^"(.*)"$/, "$1");
  return { name: name === "" ? null : name.slice(0, nameMaxChars), address };
}

/** One line without control characters, at most `maxChars` characters: fit for a subject, a name or a file name. */
export function headerText(value: string, maxChars = headerMaxChars): string {
  const oneLine = value
    .normalize("NFC")
    // Line and paragraph separators and invisible direction changes count as controls here.
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...oneLine];
  return characters.length <= maxChars ? oneLine : `${characters.slice(0, maxChars - 1).join("")}…`;
}
