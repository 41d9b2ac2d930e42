import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { actionNames } from "../../../client/features/admin/audit-strings.ts";
import type { Actor } from "../../../shared/actor.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { AppError } from "../../../shared/errors.ts";
import { auditedEndpoints } from "./audited-endpoints.ts";
import { withRequestContext } from "../../platform/request-context.ts";
import { auditRefusedSignIns, createEndpointAudit } from "./auditing.ts";

const actor = { userId: "a".repeat(24), orgId: "org_1" } as Actor;
const specs: Record<string, EndpointSpec> = endpoints;

function auditOf(name: string) {
  const entries: unknown[] = [];
  const note = (entry: unknown) => Promise.resolve(void entries.push(entry));
  const spec = specs[name];
  if (spec === undefined) throw new Error("no such endpoint");
  return { entries, audit: createEndpointAudit({ record: note, recordRefusal: note }, name, spec) };
}
const request = {
  params: { id: "aaaaaaaaaaaaaaaaaaaaaaaa", meetingId: "aaaaaaaaaaaaaaaaaaaaaaaa" },
} as unknown as Request;

describe("[AUDIT-4] the table of audited endpoints", () => {
  test("has a row for everything that changes something and everything that only some may read", () => {
    const wanted = Object.entries(specs)
      .filter(([, { method, access }]) => method !== "GET" || access === "org-admin" || access === "operator")
      .map(([name]) => name);
    expect(Object.keys(auditedEndpoints).sort()).toEqual(wanted.sort());
  });

  test("gives a reason for every exemption", () => {
    for (const { done } of Object.values(auditedEndpoints)) {
      if (typeof done === "object") expect(done.exempt.length).toBeGreaterThan(20);
    }
  });

  test("has a name in the administrators' page for each of its actions", () => {
    const unnamed = Object.values(auditedEndpoints).filter(({ action }) => !(action in actionNames));
    expect(unnamed.map(({ action }) => action)).toEqual([]);
  });
});

describe("[AUDIT-4] refusals", () => {
  test("of a person are written, also where they only wanted to read in a meeting", async () => {
    for (const [name, action] of [
      ["startMeeting", "meeting.start"],
      ["readTranscript", "meeting.read"],
    ] as const) {
      const { audit, entries } = auditOf(name);
      await audit.refused(actor, request, new AppError("NOT_FOUND", "no"));
      expect(entries).toMatchObject([
        { actorUserId: actor.userId, action, resourceId: "aaaaaaaaaaaaaaaaaaaaaaaa", code: "NOT_FOUND" },
      ]);
    }
  });

  test("of a webhook are written without anybody's name", async () => {
    const { audit, entries } = auditOf("transcriptWebhook");
    await audit.refused(null, request, new AppError("UNAUTHENTICATED", "no"));
    expect(entries).toMatchObject([
      { actorUserId: null, resourceId: "aaaaaaaaaaaaaaaaaaaaaaaa", code: "UNAUTHENTICATED" },
    ]);
  });

  test("of nobody, mistakes and troubles of ours are not", async () => {
    const { audit, entries } = auditOf("startMeeting");
    await audit.refused(null, request, new AppError("UNAUTHENTICATED", "no"));
    await audit.refused(actor, request, new AppError("VALIDATION_ERROR", "no"));
    await audit.refused(actor, request, new Error("broken"));
    expect(entries).toEqual([]);
  });

  test("of a sign-in are written with the address, and successful ones are not", () => {
    const entries: unknown[] = [];
    const guard = auditRefusedSignIns({
      recordRefusal: (entry) => Promise.resolve(void entries.push(entry)),
    });
    const context = { requestId: "r", ipAddress: "203.0.113.7", userAgent: null, actor: null };
    for (const [statusCode, errorCode] of [
      [303, undefined],
      [401, "UNAUTHENTICATED"],
    ] as const) {
      const response = Object.assign(new EventEmitter(), { statusCode, locals: { errorCode } });
      withRequestContext(context, () => guard(request, response as unknown as Response, () => undefined));
      response.emit("finish");
    }
    expect(entries).toMatchObject([{ actorUserId: null, action: "session.start", code: "UNAUTHENTICATED" }]);
  });
});
