import { afterEach, describe, expect, it, vi } from "vitest";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { mailIdSchema, meetingIdSchema } from "../../shared/ids.ts";
import { ApiError } from "./errors.ts";
import { addressOf, call, onSignedOut, signInAddress } from "./http.ts";

const id = meetingIdSchema.parse("a".repeat(24));
const sent: { url: string; init: RequestInit }[] = [];

function answer(status: number, body: unknown): void {
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  sent.length = 0;
});

describe("calls over HTTP", () => {
  it("an address carries its parameters and the query's set values", () => {
    expect(
      addressOf(endpoints.getMailAttachment, {
        params: { mailId: mailIdSchema.parse("b".repeat(24)), index: 2 },
      }),
    ).toBe(`/api/v1/outbox/${"b".repeat(24)}/attachments/2`);
    expect(
      addressOf(endpoints.readTranscript, { params: { id }, query: { fromSequence: 0, limit: 5 } }),
    ).toBe(`/api/v1/meetings/${id}/transcript?fromSequence=0&limit=5`);
    expect(signInAddress("/meetings/x?y=1#z")).toBe("/auth/sign-in?returnTo=%2Fmeetings%2Fx%3Fy%3D1%23z");
  });

  it("a POST names the page it comes from and a key of its own, unless it is told one", async () => {
    answer(204, null);
    await call(endpoints.removeParticipant, { params: { id, userId: "c".repeat(24) } }).catch(
      () => undefined,
    );
    answer(409, { error: { code: "CONFLICT", message: "no" } });
    for (const idempotencyKey of [undefined, undefined, "mine"]) {
      await call(endpoints.startMeeting, { params: { id } }, { idempotencyKey }).catch(() => undefined);
    }
    const headers = sent.map(({ init }) => init.headers as Record<string, string>);
    expect(headers.every((header) => header["x-connvo-client"] === "1")).toBe(true);
    const [none, first, second, told] = headers.map((header) => header["idempotency-key"]);
    expect(none).toBeUndefined();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
    expect(told).toBe("mine");
  });

  it("a refusal keeps its code, its words and its details", async () => {
    const details = { issues: [{ path: "title", message: "must not be empty" }] };
    answer(400, {
      error: { code: "VALIDATION_ERROR", message: "See the details.", details, requestId: "r1" },
    });
    const error = await call(endpoints.createMeeting, { body: { title: "" } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: "VALIDATION_ERROR",
      message: "See the details.",
      details,
      status: 400,
      requestId: "r1",
      retryable: false,
    });
  });

  it("a refusal that passes says when to come back, also where it is a proxy's own", async () => {
    answer(503, { error: { code: "UNAVAILABLE", message: "Full.", retryAfter: 5 } });
    await expect(call(endpoints.me)).rejects.toMatchObject({ retryable: true, retryAfterSeconds: 5 });
    vi.stubGlobal("fetch", () =>
      Promise.resolve(new Response("<html>", { status: 503, headers: { "retry-after": "7" } })),
    );
    await expect(call(endpoints.me)).rejects.toMatchObject({ code: "UNAVAILABLE", retryAfterSeconds: 7 });
    answer(503, { error: { code: "UNAVAILABLE", message: "Full.", retryAfter: "soon" } });
    await expect(call(endpoints.me)).rejects.toMatchObject({ retryAfterSeconds: undefined });
  });

  it("an answer that does not fit its schema is an error, not data", async () => {
    answer(200, { id: "not an id" });
    await expect(call(endpoints.me)).rejects.toMatchObject({ code: "UNEXPECTED_ANSWER" });
  });

  it("no connection is an error that may be tried again", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(call(endpoints.me)).rejects.toMatchObject({ code: "NETWORK", retryable: true });
  });

  it("whoever listens is told that nobody is signed in any more", async () => {
    const told = vi.fn();
    const remove = onSignedOut(told);
    answer(401, { error: { code: "UNAUTHENTICATED", message: "Sign in." } });
    await expect(call(endpoints.me)).rejects.toMatchObject({ status: 401 });
    remove();
    await expect(call(endpoints.me)).rejects.toMatchObject({ status: 401 });
    expect(told).toHaveBeenCalledTimes(1);
  });
});
