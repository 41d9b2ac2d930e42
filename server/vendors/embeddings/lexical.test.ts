import { expect, test } from "vitest";
import { createLexicalEmbeddings } from "./lexical.ts";

const lexical = createLexicalEmbeddings();
const context = { subject: { meetingId: null, orgId: null } };
const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

test("[EMBED-1] one vector a text, all of length 1 and of the same dimensions; nothing said is a vector of nothing", async () => {
  const [one, two, none] = await lexical.embed(["My knee hurts", "Running on the weekend", ""], context);
  expect([one?.length, two?.length, none?.length]).toEqual([512, 512, 512]);
  expect(dot(one as Float32Array, one as Float32Array)).toBeCloseTo(1, 5);
  expect(none?.every((value) => value === 0)).toBe(true);
});

test("[EMBED-2] the same text has the same vector, on every machine", async () => {
  const [one] = await lexical.embed(["The exercises for the knee"], context);
  const [again] = await createLexicalEmbeddings().embed(["The exercises for the knee"], context);
  expect(again).toEqual(one);
  // As it was when this version was made: another place or weight needs another version.
  const filled = [...(one as Float32Array)].flatMap((value, place) => (value === 0 ? [] : place));
  expect([lexical.version, filled.length, filled[0], filled.at(-1)]).toMatchInlineSnapshot(`
    [
      "lexical/1/512",
      14,
      52,
      457,
    ]
  `);
});

test("[EMBED-2] texts that share words and forms of them are closer than texts that share none", async () => {
  const [asked, same, form, other] = (await lexical.embed(
    [
      "exercises for the knee",
      "I keep skipping the knee exercises",
      "He exercised his knees",
      "The budget of the garden project",
    ],
    context,
  )) as [Float32Array, Float32Array, Float32Array, Float32Array];
  expect(dot(asked, same)).toBeGreaterThan(0.4);
  expect(dot(asked, form)).toBeGreaterThan(0.3);
  expect(dot(asked, other)).toBeLessThan(0.15);
});
