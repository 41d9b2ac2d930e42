import { expect, test } from "vitest";
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import { entriesOf, findingsOf, rowsOf, summaryLineOf } from "./tailored-entries.ts";

const page = (texts: Record<string, string>): RunTailored => ({
  modelKey: "m",
  modelName: "M",
  tailoredHash: "h",
  summary: "",
  originalSummary: null,
  workExperience: [
    {
      ...{ roleId: "r", company: "Acme", title: "Baker", dateRange: "2020" },
      bullets: Object.entries(texts).map(([bulletId, tailoredText]) => ({
        ...{ bulletId, originalText: `old ${bulletId}`, tailoredText, wasRewritten: true },
      })),
    },
  ],
  projects: [{ projectId: "p", name: "Empty", bullets: [] }],
  education: [],
  skills: {
    ...{ programming_languages: [], frameworks_libraries: [], tools_cloud_technologies: [] },
    ...{ data_science_analytics: [], machine_learning_ai: [], other_skills: [] },
  },
  selectionEnforcement: {
    ...{ strippedUnselected: 0, truncatedBullets: 0, repairApplied: false },
    ...{ compliant: true, proxyWordCountExceeded: false },
  },
  wordCountEstimate: 1,
  planHash: "",
  generatedBy: "m",
  notes: [],
  findings: [{ bulletId: "a", kinds: ["number"], outcome: "repaired" }],
});

test("[RUNS-16] each bullet stands under its job with what was found in it", () => {
  const entries = entriesOf(page({ a: "A", b: "B" }));
  expect(entries.map(({ title }) => title)).toEqual(["Baker · Acme · 2020"]);
  expect(entries[0]?.bullets.map(({ finding }) => finding?.outcome ?? null)).toEqual(["repaired", null]);
});

test("[RUNS-16] what was cut until nothing new was left counts as turned down", () => {
  const made = page({ a: "A" });
  expect(findingsOf(made).map(({ outcome }) => outcome)).toEqual(["repaired"]);
  const bullets = made.workExperience.flatMap((job) => job.bullets);
  for (const bullet of bullets) bullet.wasRewritten = false;
  expect(findingsOf(made).map(({ outcome }) => outcome)).toEqual(["kept-original"]);
});

test("[RUNS-12] every writer's words stand beside each other, and a gap where one has none", () => {
  expect(rowsOf([page({ a: "A1" }), page({ a: "A2", b: "B2" })])).toEqual([
    { bulletId: "a", originalText: "old a", versions: ["A1", "A2"] },
    { bulletId: "b", originalText: "old b", versions: [null, "B2"] },
  ]);
});

test("[RUNS-21] the summary stands beside its original with what was found in it; an older page has none beside it", () => {
  const made = { ...page({ a: "A" }), summary: "A nurse.", originalSummary: "I am a nurse." };
  const finding = { bulletId: "summary", kinds: ["number"], outcome: "repaired" as const };
  made.findings = [finding];
  expect(summaryLineOf(made)).toMatchObject({
    ...{ originalText: "I am a nurse.", tailoredText: "A nurse.", wasRewritten: true, finding },
  });
  expect(summaryLineOf({ ...made, summary: made.originalSummary })).toMatchObject({
    ...{ wasRewritten: false, finding: { outcome: "kept-original" } },
  });
  expect(summaryLineOf({ ...made, originalSummary: null })).toBeNull();
});
