// Languages by their names.

/** What is offered to choose from; any other tag may be typed. */
export const offeredLanguages = [
  ..."ar bg bn ca cs da de el en es et fa fi fr ga he hi hr hu id is it ja ko lt lv mk ms mt nb nl pl pt pt-BR".split(
    " ",
  ),
  ..."ro ru sk sl sq sr sv sw ta th tl tr uk ur vi zh zh-Hant gsw ase bfi gsg".split(" "),
] as const;

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The tag of a language that was named or typed as a tag; null where it is none. */
export function languageTag(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const named = offeredLanguages.find((tag) => languageName(tag).toLowerCase() === text);
  if (named !== undefined) return named;
  try {
    const [tag] = Intl.getCanonicalLocales(typed.trim());
    // A word that only looks like a tag has no name.
    return tag !== undefined && languageName(tag) !== tag ? tag : null;
  } catch {
    return null;
  }
}
