// Embeddings without a model: hashed counts of word stems and of pieces of words. It finds the same words, not the same meaning.
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import { normalise, type EmbeddingsProvider } from "./index.ts";

const dimensions = 512;
/** A change of what is counted is another version. */
const version = `lexical/1/${dimensions}`;
/** Pieces weigh less than words: they are for other forms and misspellings. */
const pieceWeight = 0.3;
const pairWeight = 0.5;
const pieceChars = 3;

export function createLexicalEmbeddings(): EmbeddingsProvider {
  return {
    mode: "lexical",
    name: "lexical",
    version,
    dimensions,
    embed: async (texts) => texts.map(vectorOf),
  };
}

function vectorOf(text: string): Float32Array {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  const stems = contentStems(wordsOf(text.normalize("NFKC")));
  stems.forEach((stem, index) => {
    add(`w:${stem}`, 1);
    const next = stems[index + 1];
    if (next !== undefined) add(`p:${stem} ${next}`, pairWeight);
    const padded = `^${stem}$`;
    for (let at = 0; at + pieceChars <= padded.length; at += 1)
      add(`c:${padded.slice(at, at + pieceChars)}`, pieceWeight);
  });
  const vector = new Float32Array(dimensions);
  for (const [feature, count] of counts) {
    const hash = hashOf(feature);
    const place = hash % dimensions;
    // The sign keeps features that share a place from always adding up.
    const sign = hash & 0x8000_0000 ? -1 : 1;
    vector[place] = (vector[place] ?? 0) + sign * Math.sqrt(count);
  }
  return normalise(vector);
}

/** FNV-1a with a final mix, 32 bits: the same on every machine. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
