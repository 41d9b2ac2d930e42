// What is planted is caught, what is honest passes, and what does not pass is repaired once or stays as it was.
import { expect, test } from "vitest";
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import { enforce } from "./enforce.ts";
import { violationsOf, type FactRules } from "./facts.ts";
import { mutationKinds, mutations, sourceOfParaphrase, testRules } from "./testing-mutations.ts";
import { paraphrasedBullets } from "./testing-paraphrases.ts";

test("[CAREER-40] of 2 100 planted falsehoods at least 99 % are caught, of each kind", () => {
  const planted = mutations(1, 2_100);
  const missed = planted.filter(({ text, source, rules }) => violationsOf(text, source, rules).length === 0);
  const shares = mutationKinds.map((kind) => {
    const all = planted.filter((one) => one.kind === kind);
    const caught = all.filter((one) => !missed.includes(one)).length;
    return { kind, enough: caught / all.length >= 0.99, all: all.length };
  });
  expect(
    missed
      .slice(0, 40)
      .map(({ kind, text }) => `${kind}: ${text}`)
      .filter(() => missed.length > 21),
  ).toEqual([]);
  expect(shares.filter(({ all }) => all < 100)).toEqual([]);
  expect(shares.filter(({ enough }) => !enough)).toEqual([]);
});

test("[CAREER-41] of more than 200 honest paraphrases at most 2 % are blocked", () => {
  const honest = paraphrasedBullets.flatMap((bullet) =>
    bullet.paraphrases.map((text) => ({ text, source: sourceOfParaphrase(bullet) })),
  );
  const blocked = honest.flatMap(({ text, source }) => {
    const violations = violationsOf(text, source, testRules);
    return violations.length === 0
      ? []
      : [`${text} ← ${violations.map((one) => `${one.kind} ${one.text}`).join(", ")}`];
  });
  expect(honest.length).toBeGreaterThanOrEqual(200);
  expect(blocked.length / honest.length > 0.02 ? blocked : []).toEqual([]);
});

const none: FactRules = { postingTerms: [], foreignNames: [] };
test.each([
  [
    "two metrics that changed places",
    "Cut errors by 40% and raised sales by 15%",
    "Raised sales by 40% and cut errors by 15%",
  ],
  ["help that became leadership", "Helped the team to move 4 offices", "Led the move of 4 offices"],
  ["a qualification", "Welded pressure vessels", "Certified welder of pressure vessels"],
  ["a vague amount", "Answered calls", "Answered thousands of calls"],
  ["a superlative", "Opened a branch", "Opened the largest branch"],
  ["another version of a tool", "Ran 12 services on .NET Framework", "Ran 12 services on .NET Core"],
  ["a part of a tool", "Kept code in GitHub", "Kept code in GitHub Actions"],
])("[CAREER-40] it sees %s", (_, text, rewritten) => {
  expect(violationsOf(rewritten, { text, context: [] }, none)).not.toEqual([]);
  expect(violationsOf(text, { text, context: [] }, none)).toEqual([]);
});

test("[CAREER-41] acronyms may be written out and the other way round", () => {
  const source = { text: "Wrote SOPs for the intensive care unit (ICU)", context: [] };
  expect(violationsOf("Wrote standard operating procedures for the ICU", source, none)).toEqual([]);
  expect(
    violationsOf("Wrote code for K8s", { text: "Wrote code for Kubernetes", context: [] }, none),
  ).toEqual([]);
});

test("[CAREER-41] the full name of a tool that is there is no other name; another maker's is", () => {
  const source = { text: "Ran a streaming system on Kafka", context: [] };
  expect(violationsOf("Ran a streaming system on Apache Kafka", source, none)).toEqual([]);
  expect(violationsOf("Ran a streaming system on Kafka at Apache", source, none)).not.toEqual([]);
  expect(violationsOf("Ran a streaming system on Apache Flink", source, none)).not.toEqual([]);
});

const bullet = (bulletId: string, text: string): ResumeBullet => ({
  bulletId,
  parentType: "experience",
  parentId: "exp_a",
  company: "Orbit",
  role: "Lead",
  text,
  order: 0,
});
const selected = [
  bullet("a", "Led 12 nurses on a surgical ward"),
  bullet("b", "Cut errors by 22% with a protocol"),
];
const budget = { rules: none, maxWords: 14, maxTotalWords: 100 };
const textsOf = (bullets: { tailoredText: string }[]) => bullets.map(({ tailoredText }) => tailoredText);

test("[CAREER-42] what was not selected, or comes twice, is stripped; what is missing stays as it was", async () => {
  const rewritten = [
    { bulletId: "a", text: "Headed 12 nurses on a surgical ward" },
    { bulletId: "a", text: "Headed nurses" },
    { bulletId: "z", text: "Invented" },
  ];
  const { bullets, record } = await enforce({ selected, rewritten, ...budget });
  expect(textsOf(bullets)).toEqual([
    "Headed 12 nurses on a surgical ward",
    "Cut errors by 22% with a protocol",
  ]);
  expect(bullets.map(({ wasRewritten }) => wasRewritten)).toEqual([true, false]);
  expect(record).toEqual({
    strippedUnselected: 2,
    truncatedBullets: 0,
    repairApplied: false,
    compliant: true,
    proxyWordCountExceeded: false,
  });
});

test("[CAREER-43] a fault is cut out once, or the original is kept", async () => {
  const rewritten = [
    { bulletId: "a", text: "Headed 12 nurses on a surgical ward using Tableau" },
    { bulletId: "b", text: "Cut errors by 35%" },
  ];
  const { bullets, record, findings } = await enforce({ selected, rewritten, ...budget });
  expect(textsOf(bullets)).toEqual([
    "Headed 12 nurses on a surgical ward",
    "Cut errors by 22% with a protocol",
  ]);
  expect(findings.map(({ bulletId, outcome }) => [bulletId, outcome])).toEqual([
    ["a", "repaired"],
    ["b", "kept-original"],
  ]);
  expect(record).toMatchObject({ repairApplied: true, compliant: true });
});

test("[CAREER-43] a repair is asked for once a bullet, and checked as the first was", async () => {
  const asked: string[] = [];
  const rewritten = selected.map(({ bulletId, text }) => ({ bulletId, text: `${text} in Tableau` }));
  const repair = ({ original }: { original: string }) => {
    asked.push(original);
    return original.startsWith("Led") ? "Headed 12 nurses" : "Cut errors by 99%";
  };
  const { bullets } = await enforce({ selected, rewritten, ...budget, repair });
  expect(asked).toHaveLength(2);
  expect(textsOf(bullets)).toEqual(["Headed 12 nurses", "Cut errors by 22% with a protocol"]);
});

test("[CAREER-44] what is too long is cut where a clause ends, and one's own words never", async () => {
  const long =
    "Headed 12 nurses on a surgical ward, with care and with patience, on a surgical ward with nurses on a ward";
  const own = bullet(
    "c",
    "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
  );
  const input = {
    selected: [...selected, own],
    rewritten: [{ bulletId: "a", text: long }],
    rules: none,
    maxWords: 14,
    maxTotalWords: 20,
  };
  const { bullets, record } = await enforce(input);
  expect(textsOf(bullets)[0]).toBe("Headed 12 nurses on a surgical ward, with care and with patience");
  expect(textsOf(bullets)[2]).toBe(own.text);
  expect(record).toMatchObject({ truncatedBullets: 1, proxyWordCountExceeded: true, compliant: true });
});
