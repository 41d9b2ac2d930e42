// One stable colour for each person, the same on every device.

/** Number of `--person-N` colours in avatar.module.css. */
export const personHues = 8;

/** 0 … personHues − 1, from any id (FNV-1a). */
export function personHue(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % personHues;
}

/** Up to two letters: first and last word of a name, or the first of an address. */
export function initials(name: string): string {
  const words = name
    .replace(/@.*$/, "")
    .split(/[\s._-]+/)
    .filter((word) => word !== "");
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words[words.length - 1]) : "";
  return first + last === "" ? "?" : first + last;
}

function firstLetter(word: string | undefined): string {
  if (word === undefined) return "";
  const [letter = ""] = word;
  return letter.toLocaleUpperCase();
}
