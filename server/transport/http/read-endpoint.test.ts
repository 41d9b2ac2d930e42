// Rows of the endpoints table that are read without a request: their guards hold.
import { expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import type { ApiScope } from "../../../shared/schemas/api-keys.ts";
import type { Handlers } from "./endpoint-router.ts";
import { noRateLimits } from "./rate-limits.ts";
import { createReadEndpoint } from "./read-endpoint.ts";

const person: Actor = {
  userId: "b".repeat(24) as UserId,
  email: "ada@example.org",
  displayName: "Ada",
  orgId: "org_1" as OrgId,
  orgRole: "member",
  sessionId: "session",
  expiresAt: new Date(0),
};
const meetingId = "a".repeat(24);
const keyOf = (...scopes: ApiScope[]): Actor => ({ ...person, apiKeyId: "key", scopes });

function reader(handlers: Partial<Handlers> = {}, tooOften = false) {
  const checked: string[] = [];
  const refused: unknown[] = [];
  const read = createReadEndpoint({
    handlers: handlers as Handlers,
    rateLimiter: {
      ...noRateLimits,
      check: ({ endpoint, method }) => {
        checked.push(`${method} ${endpoint}`);
        return tooOften ? Promise.reject(new AppError("RATE_LIMITED", "Too often.")) : Promise.resolve();
      },
    },
    audit: {
      record: () => Promise.reject(new Error("nothing was done")),
      recordRefusal: (entry) => {
        refused.push(entry);
        return Promise.resolve();
      },
    },
  });
  const ask = (actor: Actor, params = { id: meetingId }, query = {}) =>
    read("readNotes", { actor, address: "127.0.0.1", params, query });
  return { ask, checked, refused };
}

const notes = { meetingId, layer: "shared", content: "", text: "", version: 1, updatedAt: null };

test("[GRAPHQL-6] a key reads what its scope opens, and nothing else", async () => {
  const { ask } = reader({ readNotes: () => Promise.resolve(notes as never) });
  expect(await ask(keyOf("notes:read"))).toEqual(notes);
  await expect(ask(keyOf("meetings:read"))).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("[GRAPHQL-7] each read counts as one of its endpoint, before anything else is looked at", async () => {
  const { ask, checked } = reader({}, true);
  await expect(ask(keyOf())).rejects.toMatchObject({ code: "RATE_LIMITED" });
  expect(checked).toEqual(["GET readNotes"]);
});

test("[GRAPHQL-1] a refusal is recorded as the endpoint's, with the resource that was asked for", async () => {
  const { ask, refused } = reader({ readNotes: () => Promise.reject(notFound()) });
  await expect(ask(person)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(ask(person, { id: "no id" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const entry = { action: "meeting.read", resourceType: "meeting", code: "NOT_FOUND" };
  expect(refused).toEqual([
    expect.objectContaining({ ...entry, resourceId: meetingId }),
    expect.objectContaining({ ...entry, resourceId: "unknown" }),
  ]);
});

test("[GRAPHQL-1] [GRAPHQL-2] the query is read and the answer promised by the endpoint's schemas", async () => {
  const { ask } = reader({
    readNotes: (_actor, { query }) => Promise.resolve({ ...notes, ...query, secret: "kept" } as never),
  });
  expect(await ask(person, undefined, { layer: "mine" })).toEqual({ ...notes, layer: "mine" });
  await expect(ask(person, undefined, { layer: "nobody's" })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
});
