// Profiles as vectors: alike where people tell of the same, and only where their organisation lets that machine read them.
import { expect, test } from "vitest";
import type { OrgId, UserId } from "../../shared/ids.ts";
import { silentLogger } from "../platform/logger.ts";
import { createLexicalEmbeddings } from "../vendors/embeddings/lexical.ts";
import type { EmbeddingsProvider } from "../vendors/embeddings/index.ts";
import { createProfileVectors, shorter } from "./profile-vectors.ts";

const [open, rules, closed] = ["open", "rules", "closed"] as OrgId[] as [OrgId, OrgId, OrgId];
const ai = {
  useOf: (orgId: OrgId) =>
    Promise.resolve(
      orgId === open ? ("model" as const) : orgId === rules ? ("rules" as const) : ("off" as const),
    ),
};
const person = (name: string, orgId: OrgId | null, ...texts: string[]) => ({
  userId: name as UserId,
  orgId,
  texts,
});
function cosine(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (one === undefined || other === undefined) return Number.NaN;
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? Number.NaN), 0);
}

test("[MATCH-7] who tells of the same lies closer, by the words that are counted here", async () => {
  const vectorsOf = createProfileVectors({ ai, embeddings: createLexicalEmbeddings(), logger: silentLogger });
  const found = await vectorsOf([
    person("a", open, "Leading product teams through change", "Public speaking"),
    person("b", rules, "I lead product teams in times of change"),
    person("c", null, "Woodwork, gardening and keeping bees"),
    person("d", closed, "Leading product teams through change"),
    person("e", open),
  ]);
  expect([...found.keys()].sort()).toEqual(["a", "b", "c"]);
  const [a, b, c] = ["a", "b", "c"].map((name) => found.get(name as UserId));
  expect(cosine(a, a)).toBeCloseTo(1, 5);
  expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2);
});

test("[MATCH-7] a model reads only those whose organisations let it, each text once, and where it fails there is none", async () => {
  const read: { texts: readonly string[]; orgId: string | null }[] = [];
  let fails = false;
  const model: EmbeddingsProvider = {
    mode: "model",
    name: "model",
    version: "model/1",
    dimensions: 300,
    embed(texts, { subject }) {
      if (fails) return Promise.reject(new Error("The vendor is away."));
      read.push({ texts, orgId: subject.orgId });
      return Promise.resolve(
        texts.map((text) => Float32Array.from({ length: 300 }, (_, at) => Math.sin(at * text.length))),
      );
    },
  };
  const vectorsOf = createProfileVectors({ ai, embeddings: model, logger: silentLogger });
  const people = [person("a", open, "One"), person("b", rules, "Other"), person("c", null, "Third")];
  expect([...(await vectorsOf(people)).keys()]).toEqual(["a", "c"]);
  await vectorsOf(people);
  expect(read).toEqual([
    { texts: ["One"], orgId: open },
    { texts: ["Third"], orgId: null },
  ]);
  fails = true;
  expect([...(await vectorsOf([...people, person("d", open, "Fourth")])).keys()]).toEqual(["a", "c"]);
});

test("[MATCH-7] angles stay about what they are in fewer dimensions", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const one = Float32Array.from({ length: 1_536 }, (_, at) => Math.sin(at * seed));
    const other = one.map((value, at) => value + Math.cos(at * (seed + 7)));
    const length = (vector: Float32Array) => Math.sqrt(cosine(vector, vector));
    const exact = cosine(one, other) / (length(one) * length(other));
    // Four standard deviations of an angle's projection on 64 directions.
    expect(Math.abs(cosine(shorter(one), shorter(other)) - exact)).toBeLessThan(0.5);
  }
});
