// What is kept of postings and their rubrics holds no word in the clear, and comes back as it was.
import { expect, test } from "vitest";
import { testCipher } from "../../../../tests/factories/cipher.ts";
import { createPostingSealer } from "./postings.sealing.ts";

const word = "quillfeather";
const made = {
  jobPostings: {
    jobUrl: `https://example.org/${word}`,
    title: word,
    company: word,
    location: word,
    salary: word,
    employmentType: word,
    seniority: null,
    rawDescription: word,
    extractedText: `${word} ${"x".repeat(10_000)}`,
    userTags: [word, `${word} 2`],
    notes: "",
    status: "new",
  },
  jdRubrics: {
    jobMeta: { jobTitle: word },
    requirements: [{ jdEvidence: [word] }],
    keywords: [{ term: word }],
    constraints: { education: [word] },
    summary: { summary: word },
    version: "1",
  },
};

for (const name of Object.keys(made) as (keyof typeof made)[])
  test(`[CAREER-59] ${name}: no word is kept in the clear, and all of it comes back, also of what was kept before`, () => {
    const sealer = createPostingSealer(testCipher, name);
    const kept = sealer.seal<object>("one", made[name]);
    expect(JSON.stringify(kept)).not.toContain(word);
    expect(sealer.open("one", kept)).toEqual(made[name]);
    expect(sealer.open<object>("one", made[name])).toEqual(made[name]);
    expect(() => sealer.open("other", kept)).toThrow();
  });
