// The invariants of the evidence rules as properties, and plain cases from several occupations.
import fc from "fast-check";
import { expect, test } from "vitest";
import { quantitiesIn } from "../text/quantities.ts";
import { fluffWords } from "./lexicon.ts";
import { evidenceOf, evidenceRulesHash, evidenceScores } from "./score.ts";

const bullets = [
  "Led a team of 12 engineers that cut build times by 40 percent with Jenkins and Docker",
  "Managed 45 staff across three restaurants and raised weekly sales from $18k to $25k",
  "Responsible for stock and worked on the rota",
  "Trained 30 nurses in wound care, reducing infections by 22% within 6 months",
  "Worked on reports in Python, R and SQL for the finance department",
  "3 years of night shifts supervised on a 30-bed ward",
  "Negotiated contracts worth €2.5 million with 14 suppliers",
  "Taught mathematics to 120 pupils; doubled the number of top grades",
  "Helped the team with the warehouse management system",
  "Designed and built a booking site, resulting in 50k users in one year",
  "Welded pressure vessels to ISO 9606",
  "Robustness tests of pumps",
];
const aBullet = fc.constantFrom(...bullets);
const score = (text: string) => evidenceOf(text).score;

test("[CAREER-20] adding fluff never raises a score", () => {
  fc.assert(
    fc.property(
      aBullet,
      fc.array(fc.tuple(fc.constantFrom(...fluffWords), fc.nat()), { minLength: 1, maxLength: 4 }),
      (bullet, additions) => {
        const words = bullet.split(" ");
        for (const [fluff, place] of additions) words.splice(place % (words.length + 1), 0, fluff);
        expect(score(words.join(" "))).toBeLessThanOrEqual(score(bullet));
      },
    ),
    { numRuns: 300 },
  );
  expect(score(`${bullets[0] ?? ""} seamlessly and holistically`)).toBeLessThan(score(bullets[0] ?? ""));
});

test("[CAREER-21] removing a metric never raises a score", () => {
  for (const bullet of bullets)
    for (const { start, end } of quantitiesIn(bullet)) {
      const without = `${bullet.slice(0, start)}${bullet.slice(end)}`.replace(/\s+/g, " ").trim();
      expect([without, score(without)]).toEqual([without, Math.min(score(without), score(bullet))]);
    }
  expect(score("Trained nurses in wound care, reducing infections")).toBeLessThan(score(bullets[3] ?? ""));
});

test("[CAREER-22] case changes nothing", () => {
  fc.assert(
    fc.property(aBullet, fc.infiniteStream(fc.boolean()), (bullet, upper) => {
      const mixed = [...bullet]
        .map((char) => (upper.next().value === true ? char.toUpperCase() : char.toLowerCase()))
        .join("");
      expect(evidenceOf(mixed)).toEqual(evidenceOf(bullet));
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["Led 12 engineers", "Led 12 engineer"],
  ["Built REST APIs for clients", "Built REST API for client"],
  ["Supervised the wards of two hospitals", "Supervised the ward of two hospital"],
  ["Managed budgets across regions", "Managed budget across region"],
  ["Improvements in microservices", "Improvement in microservice"],
])("[CAREER-22] plural changes nothing: %s", (plural, singular) => {
  expect(score(plural)).toBe(score(singular));
});

test.each([
  ["40 percent", "Cut waste by 40 percent", "Cut waste by 40%"],
  ["50k", "Served 50k users", "Served 50,000 users"],
  ["forty-five", "Managed forty-five staff", "Managed 45 staff"],
])("[CAREER-23] %s counts as its figure does", (_, written, figures) => {
  expect(score(written)).toBe(score(figures));
  expect(evidenceOf(written).breakdown.metric).toBeGreaterThan(0);
});

test("[CAREER-24] a verb counts only where it leads", () => {
  const action = (text: string) => evidenceOf(text).breakdown.action;
  expect(action("Led the night shift")).toBe(1);
  expect(action("Successfully led the night shift")).toBe(1);
  expect(action("Designed and built a bridge")).toBe(1);
  expect(action("Spearheaded the move")).toBe(1);
  expect(action("Member of the team that led the move")).toBe(0);
  expect(action("Responsible for what others led")).toBe(0.2);
  expect(action("Robustness tests of pumps")).toBe(0);
});

test("[CAREER-25] tiers and breakdown, with what was found", () => {
  expect(evidenceOf(bullets[0] ?? "")).toMatchObject({
    tier: "strong",
    matchedTools: ["Jenkins", "Docker"],
    matchedVerbs: ["led"],
    fluffPenalty: 0,
  });
  expect(evidenceOf("Taught English to 120 pupils").tier).toBe("strong");
  expect(evidenceOf(bullets[2] ?? "").tier).toBe("weak");
  expect(evidenceOf("")).toMatchObject({ score: 0, tier: "weak" });
  expect(evidenceOf("dynamic ".repeat(100)).fluffPenalty).toBe(0.25);
  const scored = evidenceScores({
    masterResumeHash: "h",
    bullets: [{ bulletId: "b", text: "Led 5 nurses" }],
  });
  expect(scored).toMatchObject({
    rulesVersion: "v2",
    rulesHash: evidenceRulesHash,
    scores: [{ bulletId: "b" }],
  });
});
