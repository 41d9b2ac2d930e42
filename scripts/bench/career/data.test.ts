// What the benchmark of runs is made of is a résumé of the size asked for, and a posting that asks for something.
import { expect, test } from "vitest";
import { rubricOf } from "../../../server/modules/career/rubric/rubric.ts";
import { bulletsOf, withBulletIds } from "../../../server/modules/career/resume/bullets.ts";
import { contentHash } from "../../../server/modules/career/resume/hash.ts";
import { resumeContentSchema } from "../../../shared/schemas/career/resume.ts";
import { benchPosting, benchResume } from "./data.ts";

test.each([60, 25])(
  "[BENCH-4] a résumé has %d bullets, the same each time, and the posting asks for twenty things",
  (size) => {
    const content = withBulletIds(resumeContentSchema.parse(benchResume(size)));
    expect(bulletsOf(content)).toHaveLength(size);
    expect(contentHash(benchResume(size))).toBe(contentHash(benchResume(size)));
    const { requirements } = rubricOf({
      jobUrl: "",
      platform: "pasted",
      title: "Staff Platform Engineer",
      rawDescription: benchPosting,
    });
    const of = (type: string) => requirements.filter((one) => one.type === type).length;
    expect(of("must")).toBeGreaterThanOrEqual(10);
    expect(of("nice")).toBeGreaterThanOrEqual(6);
  },
);
