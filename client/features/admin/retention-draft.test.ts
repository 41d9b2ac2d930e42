import { describe, expect, test } from "vitest";
import { retentionKinds, type RetentionPolicy } from "../../../shared/schemas/retention.ts";
import { changesIn, choicesOf, type KindPolicy } from "./retention-draft.ts";

const kind = (change: Partial<KindPolicy> = {}): KindPolicy => ({
  kind: "chat",
  own: null,
  next: null,
  most: null,
  days: null,
  ...change,
});
const policy = (change: Partial<KindPolicy>): RetentionPolicy => ({
  version: 1,
  graceHours: 24,
  changedAt: null,
  lastRunAt: null,
  kinds: retentionKinds.map((name) => kind({ kind: name, ...(name === "chat" ? change : {}) })),
});

describe("the draft of an organisation's terms", () => {
  test("[RETAIN-11] offers what the installation allows, and what is decided", () => {
    expect(choicesOf(kind())).toContain(3_650);
    expect(choicesOf(kind({ most: 365 })).at(-1)).toBe(365);
    expect(choicesOf(kind({ own: 45 }))).toContain(45);
    expect(choicesOf(kind({ own: 90, next: { days: 45, from: "2026-06-01T00:00:00.000Z" } }))).toContain(45);
  });

  test("[RETAIN-10] sends what is other than decided, also where that does not count yet", () => {
    const next = { days: 30, from: "2026-06-01T00:00:00.000Z" };
    expect(changesIn({ chat: 30, notes: null }, policy({ next }))).toEqual({});
    expect(changesIn({ chat: null }, policy({ next }))).toEqual({ chat: null });
    expect(changesIn({ chat: 90, notes: 7 }, policy({ own: 365 }))).toEqual({ chat: 90, notes: 7 });
  });
});
