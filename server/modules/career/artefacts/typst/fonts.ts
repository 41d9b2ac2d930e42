// The fonts that Typst sets our templates in: free ones, from packages, and which characters they have.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fontCharacters } from "./font-characters.ts";

const serif = "@expo-google-fonts/source-serif-4";
const sans = "@expo-google-fonts/source-sans-3";
const files = [
  `${serif}/400Regular/SourceSerif4_400Regular.ttf`,
  `${serif}/400Regular_Italic/SourceSerif4_400Regular_Italic.ttf`,
  `${serif}/700Bold/SourceSerif4_700Bold.ttf`,
  `${sans}/400Regular/SourceSans3_400Regular.ttf`,
  `${sans}/400Regular_Italic/SourceSans3_400Regular_Italic.ttf`,
  `${sans}/600SemiBold/SourceSans3_600SemiBold.ttf`,
  `${sans}/700Bold/SourceSans3_700Bold.ttf`,
];

/** How many of them are of the first family. */
const serifFiles = 3;

let fonts: Promise<Uint8Array[]> | null = null;
let characters: Promise<ReadonlySet<number>> | null = null;

/** Under the SIL Open Font License. Read at the first use. */
export function typstFonts(): Promise<Uint8Array[]> {
  return (fonts ??= Promise.all(files.map((file) => readFile(fileURLToPath(import.meta.resolve(file))))));
}

/** Those that are in every style of one family at least: whatever is set in bold or italics has them, too. */
export function typstCharacters(): Promise<ReadonlySet<number>> {
  return (characters ??= typstFonts().then((all) => {
    const sets = all.map(fontCharacters);
    const inAll = ([first, ...others]: readonly Set<number>[]) =>
      [...(first ?? [])].filter((code) => others.every((other) => other.has(code)));
    return new Set([...inAll(sets.slice(0, serifFiles)), ...inAll(sets.slice(serifFiles))]);
  }));
}
