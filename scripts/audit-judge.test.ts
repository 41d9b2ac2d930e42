// Outputs of `npm audit --json` and what follows from them. The refusal is recorded; reports are in npm's documented form.
import { describe, expect, test } from "vitest";
import { allowedSchema, judgeAudit, type Allowed } from "./audit-judge.ts";

const today = new Date("2026-11-26T12:00:00Z");
const advisory = "https://advisories.example/GHSA-1";

const refused = JSON.stringify({
  message: "405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk",
  method: "POST",
  uri: "https://registry.example/-/npm/v1/security/advisories/bulk",
  headers: { allow: ["GET,HEAD"], "x-fetch-attempts": ["1"] },
  statusCode: 405,
  body: "",
  error: { summary: "", detail: "" },
});

function report(severity: string): string {
  const via = { source: 1, name: "deep", dependency: "deep", title: "Reads files", url: advisory, severity };
  const vulnerability = (name: string, ...causes: unknown[]) => ({
    name,
    severity,
    isDirect: false,
    via: causes,
    effects: [],
    range: "<2",
    nodes: [`node_modules/${name}`],
    fixAvailable: true,
  });
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      deep: vulnerability("deep", { ...via, range: "<2" }),
      shallow: vulnerability("shallow", "deep"),
    },
    metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 1, critical: 0, total: 1 } },
  });
}

const permit = (fields: Partial<Allowed[number]> = {}): Allowed => [
  {
    advisory,
    package: "deep",
    reason: "It is used by the tests alone, on our own files.",
    until: "2026-12-01",
    ...fields,
  },
];
const finding = { package: "deep", title: "Reads files", advisory };

describe("the judgement of an audit", () => {
  test("a registry that refuses is no clean bill of health, and no failure", () => {
    expect(judgeAudit(refused, [], today)).toMatchObject({
      kind: "not-audited",
      why: expect.stringContaining("405") as unknown,
    });
    const unreachable = JSON.stringify({
      error: { code: "ENOTFOUND", summary: "getaddrinfo ENOTFOUND", detail: "" },
    });
    expect(judgeAudit(unreachable, [], today)).toEqual({
      kind: "not-audited",
      why: "getaddrinfo ENOTFOUND",
    });
    expect(judgeAudit("", [], today)).toMatchObject({ kind: "not-audited" });
  });

  test.each(["high", "critical"])("a finding of grade %s stops, once, whoever leads to it", (severity) => {
    expect(judgeAudit(report(severity), [], today)).toMatchObject({
      kind: "audited",
      stopping: [{ ...finding, severity }],
      minor: [],
    });
  });

  test.each(["info", "low", "moderate"])("a finding of grade %s is noted", (severity) => {
    expect(judgeAudit(report(severity), [], today)).toMatchObject({
      stopping: [],
      minor: [{ ...finding, severity }],
    });
  });

  test("it is allowed for its package up to and including its last day, and not after", () => {
    expect(judgeAudit(report("high"), permit({ until: "2026-11-26" }), today)).toMatchObject({
      stopping: [],
      allowed: [finding],
    });
    for (const wrong of [permit({ until: "2026-11-25" }), permit({ package: "shallow" })])
      expect(judgeAudit(report("high"), wrong, today)).toMatchObject({ stopping: [finding], allowed: [] });
  });

  test("what is allowed and no longer found is named", () => {
    const clean = JSON.stringify({ auditReportVersion: 2, vulnerabilities: {}, metadata: {} });
    expect(judgeAudit(clean, permit(), today)).toMatchObject({ stopping: [], unused: permit() });
  });

  test("an allowance has a reason and a day, and what nobody understands stops", () => {
    expect(allowedSchema.safeParse(permit({ reason: "" })).success).toBe(false);
    expect(allowedSchema.safeParse(permit({ until: "some day" })).success).toBe(false);
    for (const odd of ["<html>", "[]", JSON.stringify({ auditReportVersion: 3, vulnerabilities: {} })])
      expect(() => judgeAudit(odd, [], today)).toThrow("npm audit said");
  });
});
