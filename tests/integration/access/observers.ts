// What observers lose when somebody in the meeting takes their consent back; run by access.test.ts on its server.
import type { Socket } from "socket.io-client";
import { afterAll, describe, expect, test } from "vitest";
import { meetingIdSchema } from "../../../shared/ids.ts";
import { emit, emitOk, errorCodeOf, observeNotesStream } from "../../factories/sockets.ts";
import { methodOf } from "./calls.ts";
import { liveQueryRows, type LiveQueryRow } from "./live-table.ts";
import { canary, meetingEndpoints, type HttpRow, type Sample } from "./table.ts";

interface World {
  url: string;
  observer: string;
  participant: string;
  sample: Sample;
  open(token: string): Promise<Socket>;
  send(
    token: string | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; text: string }>;
  api(token: string, method: string, path: string, body?: unknown): Promise<unknown>;
}

export function observersWithoutConsent(world: () => World): void {
  describe("observers without everybody's consent", () => {
    const ofNoTalk = [
      "getMeeting",
      "meetingRetention",
      "meetingInvitation",
      "meetingConsents",
      "meetingAi",
      "meetingSeries",
    ];
    const say = (answer: "given" | "refused") => {
      const { api, participant, sample } = world();
      const decision = { purpose: "sharing", answer, wording: 1 };
      return api(participant, "POST", `/api/v1/meetings/${sample.meetingId}/consents`, decision);
    };
    afterAll(() => say("given"));

    test("[ACCESS-18] a consent that is taken back closes their streams, and nothing of the talk is shown any more", async () => {
      const { url, observer, sample, open, send } = world();
      const meetingId = meetingIdSchema.parse(sample.meetingId);
      const socket = await open(observer);
      await emitOk(socket, "meeting:join", { meetingId });
      await emitOk(socket, "live:subscribe", { id: "seen", query: "notes", args: { meetingId } });
      const ended = Promise.all([
        new Promise((resolve) => socket.once("access:revoked", resolve)),
        new Promise((resolve) =>
          socket.on("live:update", ({ id, error }) => id === "seen" && error !== undefined && resolve(error)),
        ),
      ]);
      await say("refused");
      await ended;
      for (const [name, row] of Object.entries<HttpRow>(meetingEndpoints)) {
        const answer = await send(observer, methodOf(name), row.path(sample), row.body);
        const expected = ofNoTalk.includes(name) || row.observer === 403 ? row.observer : 403;
        expect([name, answer.status]).toEqual([name, expected]);
        if (!ofNoTalk.includes(name)) expect(answer.text).not.toContain(canary);
      }
      for (const [query, row] of Object.entries<LiveQueryRow>(liveQueryRows)) {
        const args = row.ofMeeting ? { meetingId } : (row.args?.(sample) ?? {});
        const code = errorCodeOf(await emit(socket, "live:subscribe", { query, args }));
        const seen = !row.ofMeeting || ["meeting", "consents"].includes(query);
        expect([query, code]).toEqual([query, seen ? null : (row.observer ?? "CONSENT_MISSING")]);
      }
      expect(errorCodeOf(await emit(socket, "meeting:join", { meetingId }))).toBe("CONSENT_MISSING");
      expect((await observeNotesStream(url, `/notes/${meetingId}`, observer)).code).toBe(4403);
    });
  });
}
