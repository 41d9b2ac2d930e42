import { expect, test } from "vitest";
import type { UserId } from "../../../shared/ids.ts";
import type { StoredAuditEntry } from "../../modules/audit/index.ts";
import type { UserRecord } from "../../modules/users/index.ts";
import { auditCsv, auditNdjson, csvCell } from "./audit-views.ts";

const ann = "a".repeat(24) as UserId;
const entry: StoredAuditEntry = {
  id: "e".repeat(24),
  timestamp: new Date("2026-01-05T09:00:00Z"),
  orgId: null,
  actorUserId: ann,
  impersonator: null,
  apiKeyId: null,
  action: "meeting.start",
  resourceType: "meeting",
  resourceId: "m1",
  outcome: "done",
  metadata: { role: "host" },
  requestId: null,
  ipAddress: "203.0.113.7",
  userAgent: '=HYPERLINK("http://evil.example","Click"), again',
  salt: "salt",
  personalHash: "p",
  sequence: 1,
  hash: "h",
};
const users = {
  byIds: () =>
    Promise.resolve([{ id: ann, displayName: '+Ann "A"', email: "ann@example.org" } as UserRecord]),
};

async function* pages() {
  await Promise.resolve();
  yield [entry, { ...entry, id: "f".repeat(24), actorUserId: null, userAgent: null }];
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

test("[AUDIT-32] no cell of the CSV begins like a formula, whatever people are called and browsers say", async () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"]) {
    expect(csvCell(`${start}1`)).toMatch(/^"?'/);
  }
  expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  const [head, first, second] = (await textOf(auditCsv(pages(), users))).split("\r\n");
  expect(head?.split(",")).toHaveLength(16);
  expect(first).toContain(`"'+Ann ""A"""`);
  expect(first).toContain(`"'=HYPERLINK(""http://evil.example"",""Click""), again"`);
  expect(second?.split(",")).toHaveLength(16);
});

test("[AUDIT-32] lines of JSON hold the same, without the salt that address and user agent are hashed with", async () => {
  const text = await textOf(auditNdjson(pages(), users));
  const [first] = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({ person: { id: ann, email: "ann@example.org" }, ipAddress: "203.0.113.7" });
  expect(text).not.toContain("salt");
});
