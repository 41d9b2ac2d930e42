// The comparison of Mongoose's test results with the list of refusals, on reports made up here.
import { expect, test } from "vitest";
import {
  compareWithRefusals,
  describe,
  mochaReport,
  type MochaReport,
  type Refusal,
} from "../conformance/mongoose-compare.ts";
import { refusals as listed } from "../conformance/mongoose-refusals.ts";

const geo: Refusal = {
  feature: "Geo",
  reason: "Nobody asks by place.",
  answers: [{ code: 67, text: /^index type '2d' is not supported/ }],
  tests: { "query.test.js": ["query near", "query within"] },
};

function report(
  failures: { fullTitle: string; file?: string; code?: number | undefined; message?: string }[],
): MochaReport {
  return mochaReport.parse({
    stats: { tests: 10, passes: 7, pending: 1, failures: failures.length },
    pending: [{ title: "later", fullTitle: "query later", file: "/suite/test/query.test.js" }],
    failures: failures.map(({ fullTitle, file = "query.test.js", code, message }) => ({
      title: fullTitle,
      fullTitle,
      file: `/suite/test/${file}`,
      err: { code, message },
    })),
  });
}

const near = {
  fullTitle: "query near ",
  code: 67,
  message: "index type '2d' is not supported by this server",
};
const within = { ...near, fullTitle: "query within" };
const compare = (reports: MochaReport[]) => compareWithRefusals(reports, [geo], "/suite/test");

test("[CONFORM-11] a listed failure with the listed answer is counted, over several reports", () => {
  const comparison = compare([report([near]), report([within])]);
  expect(comparison).toMatchObject({ passed: 14, pending: 2, unlisted: [], stale: [] });
  expect(comparison.listed.map(({ refusal }) => refusal)).toEqual([geo, geo]);
  expect([...comparison.pendingByFile]).toEqual([["query.test.js", 2]]);
});

test("[CONFORM-12] a failure that is not listed is told", () => {
  const other = { fullTitle: "query sorts", code: 2, message: "wrong order" };
  const comparison = compare([report([near, within, other])]);
  expect(comparison.unlisted).toMatchObject([
    { file: "query.test.js", failure: { fullTitle: "query sorts" } },
  ]);
  expect(describe(comparison, [geo])).toContain("NOT LISTED  query.test.js: query sorts\n    2: wrong order");
});

test("[CONFORM-12] a title counts in its own file only", () => {
  const comparison = compare([report([within, { ...near, file: "model.test.js" }])]);
  expect(comparison.unlisted).toMatchObject([{ file: "model.test.js" }]);
  expect(comparison.stale).toEqual([{ feature: "Geo", file: "query.test.js", title: "query near" }]);
});

test.each([
  ["another code", { code: 1 }],
  ["another text", { message: "the server failed" }],
  ["no code, as after a time-out", { code: undefined, message: "Timeout of 30000ms exceeded." }],
])("[CONFORM-13] a listed failure with %s is not excused", (_what, change) => {
  const comparison = compare([report([within, { ...near, ...change }])]);
  expect(comparison.listed).toHaveLength(1);
  expect(comparison.unlisted).toMatchObject([{ note: 'listed under "Geo", but got this answer' }]);
  expect(comparison.stale).toEqual([]);
});

test("[CONFORM-14] a listed test that no longer fails is stale", () => {
  const comparison = compare([report([near])]);
  expect(comparison.stale).toEqual([{ feature: "Geo", file: "query.test.js", title: "query within" }]);
  expect(describe(comparison, [geo])).toContain("STALE       query.test.js: query within");
});

test("[CONFORM-15] a list that names a test twice is refused, and the real one does not", () => {
  expect(() => compareWithRefusals([], [geo, geo], "/suite/test")).toThrow(/twice/);
  expect(compareWithRefusals([], listed, "/suite/test").stale.length).toBeGreaterThan(0);
});
