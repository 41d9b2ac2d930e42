// What is kept of runs holds no word in the clear, and comes back as it was.
import { expect, test } from "vitest";
import { testCipher } from "../../../../tests/factories/cipher.ts";
import { createRunSealer } from "./runs.sealing.ts";

const word = "quillfeather";
const made = {
  runs: { resumeName: word, jobTitle: word, company: null, errorMessage: word, status: "error" },
  runRubrics: {
    jobMeta: { jobTitle: word },
    requirements: [{ jdEvidence: [word] }],
    keywords: [{ term: word }],
    constraints: { education: [word] },
    notes: { summary: word },
  },
  selectionPlans: {
    coverage: { uncoveredRequirements: [{ reason: word }] },
    selected: { workExperience: [{ originalText: word, reasons: [word] }] },
    budgetsUsed: { perRole: { [word]: 2 } },
    selectionNotes: { shortfalls: [word] },
  },
  tailoredResumes: {
    summary: word,
    originalSummary: word,
    workExperience: [{ bullets: [{ originalText: word, tailoredText: word }] }],
    projects: [{ name: word }],
    education: [{ school: word }],
    skills: { languages: [word] },
    notes: [word],
    findings: [{ bulletId: word }],
  },
};

for (const name of Object.keys(made) as (keyof typeof made)[])
  test(`[RUNS-19] ${name}: no word is kept in the clear, and all of it comes back, also of what was kept before`, () => {
    const sealer = createRunSealer(testCipher, name);
    const kept = sealer.seal<object>("one", made[name]);
    expect(JSON.stringify(kept)).not.toContain(word);
    expect(sealer.open("one", kept)).toEqual(made[name]);
    expect(sealer.open<object>("one", made[name])).toEqual(made[name]);
    expect(() => sealer.open("other", kept)).toThrow();
  });
