// What people tell of themselves as vectors that can be compared, where their organisation lets a machine read it.
import { createHash } from "node:crypto";
import type { OrgId, UserId } from "../../shared/ids.ts";
import type { AiService } from "../modules/ai/index.ts";
import type { Logger } from "../platform/logger.ts";
import { normalise, type EmbeddingsProvider } from "../vendors/embeddings/index.ts";

export interface ToldOfThemselves {
  userId: UserId;
  orgId: OrgId | null;
  texts: readonly string[];
}

/** Those whom nothing may or can read are left out; all others lie in one space. */
export type ProfileVectors = (people: readonly ToldOfThemselves[]) => Promise<Map<UserId, Float32Array>>;

/** As many numbers as a likeness among several factors is worth: ten thousand are compared in some milliseconds. */
const dimensions = 64;
const atOnce = 64;
/** Of texts; a vector is a quarter of a kilobyte. */
const keptMost = 20_000;

/** Kept in this process's memory alone, by what was said: neither person nor words. */
export function createProfileVectors(parts: {
  ai: Pick<AiService, "useOf">;
  embeddings: EmbeddingsProvider;
  logger: Logger;
}): ProfileVectors {
  const { ai, embeddings, logger } = parts;
  const kept = new Map<string, Float32Array>();

  async function mayRead(orgId: OrgId | null): Promise<boolean> {
    const use = orgId === null ? "model" : await ai.useOf(orgId);
    // Vectors of counted words and of a model cannot be compared: whoever lets rules alone read has one only where all do.
    return use === "model" || (use === "rules" && embeddings.mode === "lexical");
  }

  function keep(key: string, vector: Float32Array): void {
    const [oldest] = kept.size < keptMost ? [] : kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(key, vector);
  }

  return async (people) => {
    const allowed = new Map<OrgId | null, boolean>();
    for (const orgId of new Set(people.map((person) => person.orgId)))
      allowed.set(orgId, await mayRead(orgId));
    const wanted = people
      .filter(({ orgId, texts }) => allowed.get(orgId) === true && texts.length > 0)
      .map(({ userId, orgId, texts }) => ({ userId, orgId, text: texts.join("\n"), key: keyOf(texts) }));
    // By organisation: each pays for its own people.
    for (const [orgId, some] of Map.groupBy(
      wanted.filter(({ key }) => !kept.has(key)),
      (person) => person.orgId,
    )) {
      for (let at = 0; at < some.length; at += atOnce) {
        const batch = some.slice(at, at + atOnce);
        try {
          const found = await embeddings.embed(
            batch.map(({ text }) => text),
            { subject: { meetingId: null, orgId } },
          );
          batch.forEach(({ key }, place) => {
            const vector = found[place];
            if (vector !== undefined) keep(key, shorter(vector));
          });
        } catch (error) {
          // A match without likeness is better than none; the next time somebody enters it is tried again.
          logger.warn({ error: error as Error }, "what people tell of themselves could not be compared");
        }
      }
    }
    return new Map(
      wanted.flatMap(({ userId, key }) => {
        const vector = kept.get(key);
        return vector === undefined ? [] : [[userId, vector] as const];
      }),
    );
  };
}

function keyOf(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64");
}

const directions = new Map<number, Float32Array[]>();

/** Signs that every process draws alike. */
function directionOf(row: number, length: number): Float32Array {
  const bits = createHash("shake256", { outputLength: Math.ceil(length / 8) })
    .update(`direction ${row}`)
    .digest();
  return Float32Array.from({ length }, (_, at) => (((bits[at >> 3] ?? 0) >> (at & 7)) & 1 ? 1 : -1));
}

/**
 * Onto random directions, the same ones in every process: angles stay as they are but for about 1/√dimensions (Johnson and
 * Lindenstrauss).
 */
export function shorter(vector: Float32Array): Float32Array {
  const { length } = vector;
  const rows =
    directions.get(length) ?? Array.from({ length: dimensions }, (_, row) => directionOf(row, length));
  directions.set(length, rows);
  return normalise(
    Float32Array.from(rows, (row) => row.reduce((sum, sign, at) => sum + sign * (vector[at] ?? 0), 0)),
  );
}
