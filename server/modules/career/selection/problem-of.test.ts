// The whole pure core on one résumé and one posting: read, scored, asked, chosen, checked.
import { expect, test } from "vitest";
import { resumeContentSchema } from "../../../../shared/schemas/career/resume.ts";
import { defaultSelectionConfig, selectionPlanSchema } from "../../../../shared/schemas/career/selection.ts";
import { enforce } from "../enforcement/enforce.ts";
import { evidenceScores } from "../evidence/score.ts";
import { bulletsOf, withBulletIds } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import { rubricOf } from "../rubric/rubric.ts";
import { faultsOf } from "./check.ts";
import { planOf } from "./plan.ts";
import { problemOf } from "./problem-of.ts";
import { loadHighs } from "./solve-programme.ts";
import { solveExactly } from "./solve.ts";

const role = (company: string, title: string, bullets: string[]) => ({
  company,
  title,
  dateRange: "2019 - 2022",
  bullets,
});
const resume = {
  name: "Amara Okafor",
  experience: [
    role("St Mary's", "Staff Nurse", [
      "Trained 30 nurses in wound care, reducing infections by 22%",
      "Ordered stationery",
      "Triage of 60 patients a night in the emergency department",
    ]),
    role("Hill House", "Carer", ["Cooked for 15 residents", "Ordered the stationery"]),
    role("Old Mill", "Waiter", ["Served 80 guests a night"]),
  ],
  projects: [{ name: "Rota", bullets: ["Built a rota in Excel that saved 4 hours a week"] }],
  awards: [{ name: "Nurse of the Year", issuer: "St Mary's", year: 2022 }],
};
const posting = `Requirements
- Experience with triage
- Wound care
- Knowledge of phlebotomy

Nice to have
- Rotas in Microsoft Excel`;

async function run() {
  const bullets = bulletsOf(withBulletIds(resumeContentSchema.parse(resume)));
  const masterResumeHash = contentHash(bullets);
  const { scores } = evidenceScores({ masterResumeHash, bullets });
  const rubric = rubricOf({ title: "Nurse", rawDescription: posting });
  const problem = problemOf({
    bullets,
    scores,
    requirements: rubric.requirements,
    config: defaultSelectionConfig,
    fixedWords: 40,
    pins: ["gone"],
    bans: ["exp_hill_house_carer_b2"],
  });
  const solved = solveExactly(await loadHighs(), problem, { timeLimitSeconds: 60 });
  const hashes = {
    masterResumeHash,
    jobExtractedHash: contentHash(posting),
    rubricHash: contentHash(rubric),
  };
  const plan = planOf({
    problem,
    solved,
    bullets,
    requirements: rubric.requirements,
    hashes,
    embeddingModel: "none",
  });
  return { bullets, rubric, problem, solved, plan };
}

test("[CAREER-36] a résumé and a posting become a plan that covers what can be covered", async () => {
  const { problem, solved, plan } = await run();
  expect(selectionPlanSchema.parse(plan)).toEqual(plan);
  expect(faultsOf(problem, solved.bulletIds)).toEqual([]);
  expect(plan.coverage).toMatchObject({ mustTotal: 3, mustCovered: 2, niceTotal: 1, niceCovered: 1 });
  expect(plan.coverage.uncoveredRequirements.map(({ reqId }) => reqId)).toEqual(["R3"]);
  expect(problem.parents.map(({ cap }) => cap)).toEqual([6, 4, 3, null, null]);
  expect(solved.bulletIds).not.toContain("exp_hill_house_carer_b2");
});

test("[CAREER-36] the same input has the same plan, and what the posting alone names stays out", async () => {
  const [one, other] = [await run(), await run()];
  expect(contentHash(one.plan)).toBe(contentHash(other.plan));
  const selected = one.bullets.filter(({ bulletId }) => one.solved.bulletIds.includes(bulletId));
  const { bullets, record } = await enforce({
    selected,
    rewritten: selected.map(({ bulletId, text }) => ({ bulletId, text: `${text} with phlebotomy` })),
    rules: { postingTerms: one.rubric.keywords.map(({ term }) => term), foreignNames: ["Hill House"] },
    maxWords: 30,
    maxTotalWords: 300,
  });
  expect(bullets.some(({ tailoredText }) => tailoredText.includes("phlebotomy"))).toBe(false);
  expect(record.compliant).toBe(true);
});
