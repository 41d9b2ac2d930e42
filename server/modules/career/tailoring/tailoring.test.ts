// A model that invents is asked through the real client: what it invents is caught, and where it fails rules stand in.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLanguage } from "../../../../tests/factories/ai.ts";
import {
  startOpenAiEmulator,
  type ChatRequest,
  type OpenAiEmulator,
} from "../../../../tests/factories/openai-emulator.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import { enforce } from "../enforcement/enforce.ts";
import { mutations } from "../enforcement/testing-mutations.ts";
import { nurse, nurseWorld, testRuns } from "../runs/testing-runs.ts";
import { ledgerInMemory } from "../../../../tests/factories/ai.ts";
import { reworded, spellingsIn } from "./reword.ts";

const timeout = 300_000;
let emulator: OpenAiEmulator;
beforeEach(async () => {
  emulator = await startOpenAiEmulator();
});
afterEach(() => emulator.close());

interface Question {
  bullets?: { bulletId: string; text: string; intent: string; for: string[] }[];
  original?: string;
}
const questionIn = ({ messages }: ChatRequest) => JSON.parse(messages[1]?.content ?? "{}") as Question;

test(
  "[RUNS-16] of 2 100 inventions that a model brings through the real client at least 99 in 100 are caught",
  { timeout },
  async () => {
    const planted = mutations(7, 2_100).map((mutation, place) => ({ ...mutation, bulletId: `m_${place}` }));
    const textOf = new Map(planted.map(({ bulletId, text }) => [bulletId, text]));
    const insisting = new Map(planted.map(({ source, text }) => [source.text, text]));
    emulator.answerChats((request) => {
      const { bullets, original } = questionIn(request);
      if (bullets === undefined) return { text: insisting.get(original ?? "") ?? "" };
      return { bullets: bullets.map(({ bulletId }) => ({ bulletId, text: textOf.get(bulletId) ?? "" })) };
    });
    const { rewriterOf, ledger } = openLanguage(emulator.url);
    const rewriter = rewriterOf("test-model");
    const lines = planted.map(({ bulletId, source }) => ({
      bulletId,
      text: source.text,
      intent: "heavy" as const,
      speaksFor: [],
    }));
    const said = await rewriter.rewrite({ bullets: lines, wanted: [], maxWords: 40 }, { orgId: "org_1" });
    expect(said).toHaveLength(2_100);
    let missed = 0;
    for (const [place, { bulletId, source, rules, text }] of planted.entries()) {
      const [company = "", role = "", dates = ""] = source.context;
      const bullet: ResumeBullet = {
        bulletId,
        parentType: "experience",
        parentId: "exp_a",
        company,
        role,
        dates,
        text: source.text,
        order: 0,
      };
      const { bullets, record } = await enforce({
        selected: [bullet],
        rewritten: said.filter((one) => one.bulletId === bulletId),
        rules,
        maxWords: 60,
        maxTotalWords: 60,
        // Asked to repair it, it says the same again.
        ...(place < 100 && {
          repair: ({ original, rewritten, violations }) =>
            rewriter.repair(
              { original, rewritten, faults: violations.map((one) => one.text) },
              { orgId: "org_1" },
            ),
        }),
      });
      expect(record.compliant).toBe(true);
      if (bullets[0]?.tailoredText === text) missed += 1;
    }
    expect(missed).toBeLessThanOrEqual(21);
    const [first] = ledger.entries;
    expect(first).toMatchObject({
      kind: "language",
      orgId: "org_1",
      promptVersion: "rewriting/1",
      promptHash: rewriter.promptHash,
    });
    expect(emulator.received[0]?.body).toMatchObject({
      temperature: 0,
      response_format: { type: "json_schema" },
    });
  },
);

const withModel = (options: Parameters<typeof openLanguage>[1] = {}) => {
  const rewriter = openLanguage(emulator.url, options).rewriterOf("test-model");
  return testRuns({ ...nurseWorld(), rewriters: new Map([["test-model", rewriter]]) });
};

test(
  "[RUNS-16] what stands in the résumé and the posting is data to the model; lines it was not given are stripped",
  { timeout },
  async () => {
    emulator.answerChats((request) => {
      const { bullets = [] } = questionIn(request);
      return {
        bullets: [
          ...bullets.map(({ bulletId, text }) => ({
            bulletId,
            text: `Reliably ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
          })),
          { bulletId: "exp_nasa_b1", text: "Flew to the moon" },
        ],
      };
    });
    const world = withModel();
    const { runId } = await world.start();
    await world.work(runId);
    const view = await world.view(runId);
    const [page] = view.tailored;
    expect(page).toMatchObject({ generatedBy: "test-model", modelKey: "test-model", notes: [] });
    expect(page?.selectionEnforcement).toMatchObject({ strippedUnselected: 1, compliant: true });
    expect(JSON.stringify(page)).not.toContain("moon");
    expect(
      page?.workExperience[0]?.bullets.every(({ tailoredText }) => tailoredText.startsWith("Reliably")),
    ).toBe(true);
    expect(view.promptVersions.tailor).toBe("rewriting/1");
    const [system, user] = (emulator.received[0]?.body as ChatRequest).messages;
    expect(system?.content).not.toContain(nurse.workExperience[0]?.company ?? "St Mary's");
    expect(
      questionIn({ model: "", messages: [system, user].flatMap((one) => one ?? []) }).bullets?.[0]?.intent,
    ).toMatch(/light|medium|heavy/);
  },
);

test.each([
  [
    "does not answer",
    () => emulator.next(...Array.from({ length: 8 }, () => ({ kind: "status", status: 500 }) as const)),
    {},
    "it did not answer",
  ],
  [
    "is over budget",
    () => undefined,
    {
      ledger: ledgerInMemory(
        new AppError("RATE_LIMITED", "No more today.", { details: { reason: "budget" } }),
      ),
    },
    "today's budget for models is used up",
  ],
])(
  "[RUNS-16] where the model %s rules stand in, and the page says so",
  { timeout },
  async (_, prepare, options, why) => {
    prepare();
    const world = withModel(options);
    const { runId } = await world.start();
    await world.work(runId);
    const [page] = (await world.view(runId)).tailored;
    expect(page?.generatedBy).toBe("rules");
    expect(page?.notes).toEqual([
      `test-model was to write this, but ${why}: rules on this server have put it in order instead.`,
    ]);
  },
);

test("[RUNS-14] a tool's name becomes the posting's where both mean the same, and ordinary words stay", () => {
  const spellings = spellingsIn("We use Kubernetes, JavaScript and Go in production");
  expect(reworded("Ran K8s for 4 teams", spellings)).toBe("Ran Kubernetes for 4 teams");
  expect(reworded("Ran Kubernetes (K8s) for 4 teams", spellings)).toBe("Ran Kubernetes (K8s) for 4 teams");
  expect(reworded("Taught golang and kubernetes", spellings)).toBe("Taught golang and kubernetes");
  expect(reworded("Go to market for 4 products", spellings)).toBe("Go to market for 4 products");
});

test.each([
  ["Maintained 12 services on .NET Framework", "Experience with .NET Core"],
  ["Kept the code of 4 teams in GitHub", "You know GitHub Actions"],
  ["Entered 300 invoices a week in SAP", "Experience with SAP S/4HANA"],
  ["Built 3 apps in Angular", "Experience with AngularJS"],
  ["Ran 4 Six Sigma projects", "Lean Six Sigma"],
  ["Certified in ACLS", "ALS"],
  ["Kept care plans of 12 residents", "Care planning"],
  ["Trained an LLM on 3 machines", "Large language model"],
  ["Ran 3 large language models", "LLM"],
])(
  "[RUNS-14] another version, part, sort or number is not the name of the same tool: %s, %s",
  (bullet, posting) => {
    expect(reworded(bullet, spellingsIn(posting))).toBe(bullet);
  },
);
