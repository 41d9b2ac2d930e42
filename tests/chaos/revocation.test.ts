// Rights that end while everything is open on two real servers: how long each stream lives on, and what can be done afterwards.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { presentWording } from "../../shared/consent-wording.ts";
import { notesMessage } from "../../shared/protocol/notes-sync.ts";
import type { ServerEventPayload } from "../../shared/protocol/socket-events.ts";
import type { ConsentAnswer, ConsentPurpose } from "../../shared/schemas/consents.ts";
import type { OwnMatching } from "../../shared/schemas/matching.ts";
import type { Meeting, MeetingRole } from "../../shared/schemas/meetings.ts";
import { recordFigure, sizeOf } from "../factories/figures.ts";
import { itemAt } from "../factories/live-people.ts";
import { until } from "../factories/nodes.ts";
import type { Opened } from "../factories/open-streams.ts";
import { enterQueue, watchQueue } from "../factories/queue-pages.ts";
import { redisProgram } from "../factories/redis.ts";
import {
  everyKind,
  openRightsWorld,
  type Circle,
  type CircleOptions,
  type Person,
  type RightsWorld,
} from "../factories/rights.ts";
import { emit, errorCodeOf } from "../factories/sockets.ts";

const streams = sizeOf("REVOKED_STREAMS", 8);
const people = Math.ceil(streams / (2 * everyKind.length));
/** Who wait for a match one after another; each is seen at both nodes. */
const queued = Math.ceil(streams / 8);
const writeEveryMs = 20;

describe.skipIf(redisProgram === null)("rights that end (needs redis-server)", { timeout: 1_800_000 }, () => {
  let rights: RightsWorld;
  beforeAll(async () => {
    rights = await openRightsWorld();
  });
  afterAll(() => rights?.close());

  const gather = (name: string, options: Partial<CircleOptions> = {}) =>
    rights.gather(name, { count: people, ...options });
  const users = () => rights.sdk.userManagement;

  async function expectSignedOut(guests: readonly Person[]): Promise<void> {
    for (const guest of guests) {
      for (const { url } of rights.world.nodes)
        expect(await rights.statusAt(url, guest, "/api/v1/me")).toBe(401);
    }
  }

  /** Told to sign in again, and let in nowhere: a socket's engine is not known any more, either. */
  const sessionOver = ["4401", "io server disconnect"];
  const refusedSession = ["4401", "HTTP 400", "SESSION_EXPIRED"];

  /** Each ends what the guest has open, and resolves with the answer. */
  const ends: {
    title: string;
    figure: string;
    organization: boolean;
    impersonator?: string;
    atOnce?: boolean;
    end(circle: Circle, guest: Person, index: number): Promise<unknown>;
  }[] = [
    {
      title: "[END-1] a session that its person ends on another device",
      figure: "sessionEndedMs",
      organization: false,
      async end(_circle, guest) {
        const elsewhere = await rights.signIn(guest.email, guest);
        return await rights.ask(elsewhere, "DELETE", `/api/v1/me/sessions/${guest.sessionId}`);
      },
    },
    {
      title: "[END-1] a session that is revoked at the vendor, also one of somebody in a person's place",
      figure: "sessionRevokedMs",
      organization: false,
      impersonator: "support@vendor.example",
      end: (_circle, { sessionId }) => users().revokeSession({ sessionId }),
    },
    {
      title: "[END-1] signing out",
      figure: "signedOutMs",
      organization: false,
      end: (_circle, guest) => rights.ask(guest, "POST", "/auth/sign-out"),
    },
    {
      title: "[END-2] a member whom an administrator removes",
      figure: "memberRemovedMs",
      organization: true,
      end: ({ host }, guest) => rights.ask(host, "DELETE", `/api/v1/admin/members/${guest.membershipId}`),
    },
    {
      title: "[END-2] a membership that is deleted or deactivated at the vendor",
      figure: "membershipEndedMs",
      organization: true,
      async end(_circle, { membershipId }, index) {
        if (index % 2 === 0) await users().deleteOrganizationMembership(membershipId);
        else await users().deactivateOrganizationMembership(membershipId);
      },
    },
    {
      title: "[END-3] a person who is deleted at the vendor",
      figure: "personDeletedMs",
      organization: false,
      end: (_circle, { workosUserId }) => users().deleteUser(workosUserId),
    },
    {
      title: "[END-2] a whole organisation that is deleted at the vendor, everything at once",
      figure: "organizationDeletedMs",
      organization: true,
      atOnce: true,
      end: ({ orgId }) => rights.sdk.organizations.deleteOrganization(orgId ?? ""),
    },
  ];

  for (const { title, figure, organization, impersonator, atOnce = false, end } of ends) {
    test(`${title}: ${streams} streams end on both nodes, nothing is taken and nobody comes back`, async () => {
      const circle = await gather(figure, { organization, impersonator });
      const bystander = await rights.open(circle, circle.bystander);
      const opened = await rights.openAll(circle);
      const told = await rights.measure(circle, opened, {
        figure,
        atOnce,
        async end(guest, index) {
          await end(circle, guest, index);
        },
      });
      expect(told).toEqual(sessionOver);
      await expectSignedOut(circle.guests);
      if (atOnce) {
        await expectSignedOut([circle.host]);
        const answers = await Promise.all(
          opened.flatMap((one) => one.streams.map((stream) => stream.useAgain())),
        );
        expect([...new Set(answers.flat())].sort()).toEqual(refusedSession);
        return;
      }
      expect(await rights.useAgain(circle, opened)).toEqual(refusedSession);
      expect(bystander.streams.filter((stream) => stream.hasEnded())).toEqual([]);
    });
  }

  const decide = (who: Person, purpose: ConsentPurpose, answer: ConsentAnswer, path: string) =>
    rights.ask(who, "POST", path, { purpose, answer, wording: presentWording(purpose) });
  const share = (who: Person) => decide(who, "sharing", "given", "/api/v1/me/consents");
  const changeRole = ({ meeting, host }: Circle, { userId }: Person, role: MeetingRole) =>
    rights.ask(host, "PATCH", `/api/v1/meetings/${meeting.id}/participants/${userId}`, { role });

  test(`[NODE-4] [END-4] who is removed from a meeting: ${streams} streams end on both nodes, nothing is taken and nobody comes back`, async () => {
    const circle = await gather("Removed");
    const bystander = await rights.open(circle, circle.bystander);
    const opened = await rights.openAll(circle);
    const told = await rights.measure(circle, opened, {
      figure: "removedMs",
      end: ({ userId }) =>
        rights.ask(circle.host, "DELETE", `/api/v1/meetings/${circle.meeting.id}/participants/${userId}`),
    });
    expect(told).toEqual(["4403", "NOT_FOUND", "access:revoked"]);
    expect(await rights.useAgain(circle, opened)).toEqual(["4403", "NOT_FOUND"]);
    expect(bystander.streams.filter((stream) => stream.hasEnded())).toEqual([]);
  });

  test(`[END-4] who becomes an observer of people who have not agreed to that: ${streams} streams end`, async () => {
    const circle = await gather("Unobserved");
    const bystander = await rights.open(circle, circle.bystander);
    const opened = await rights.openAll(circle);
    const told = await rights.measure(circle, opened, {
      figure: "roleTakenMs",
      end: (guest) => changeRole(circle, guest, "observer"),
    });
    expect(told).toEqual(["4403", "CONSENT_MISSING", "access:revoked"]);
    expect(await rights.useAgain(circle, opened)).toEqual(["4403", "CONSENT_MISSING", "FORBIDDEN"]);
    expect(bystander.streams.filter((stream) => stream.hasEnded())).toEqual([]);
  });

  test(`[END-4] who becomes an observer of people who have agreed reads on and writes no more, in any of ${streams} streams`, async () => {
    const circle = await gather("Observed");
    for (const person of [circle.host, circle.bystander, ...circle.guests]) await share(person);
    const took: number[] = [];
    const all: Opened[] = [];
    for (const guest of circle.guests) {
      const opened = await rights.open(circle, guest, { query: "meeting" });
      all.push(opened);
      const shown = opened.sockets.flatMap((socket) => [
        new Promise<number>((resolve) =>
          socket.on("meeting:state", ({ meeting }: ServerEventPayload<"meeting:state">) => {
            if (meeting.myRole === "observer") resolve(performance.now());
          }),
        ),
        new Promise<number>((resolve) =>
          socket.on("live:update", ({ snapshot }: ServerEventPayload<"live:update">) => {
            if ((snapshot as Meeting | null)?.myRole === "observer") resolve(performance.now());
          }),
        ),
      ]);
      const shared = opened.streams.flatMap((stream) => (stream.kind === "notes" ? [stream.client] : []));
      const refused = shared.map(
        (client) =>
          new Promise<number>((resolve) => {
            const writing = setInterval(() => client.push("in time"), writeEveryMs);
            client.provider.messageHandlers[notesMessage.refused] = () => {
              clearInterval(writing);
              resolve(performance.now());
            };
          }),
      );
      const own = opened.streams.filter(({ kind }) => kind === "own notes");
      await changeRole(circle, guest, "observer");
      const answeredMs = performance.now();
      const closed = await Promise.all(own.map(({ ended }) => ended));
      expect(new Set(closed.map(({ how }) => how))).toEqual(new Set(["4403"]));
      const atMs = [...(await Promise.all([...shown, ...refused])), ...closed.map((one) => one.atMs)];
      took.push(...atMs.map((one) => Math.max(0, Math.round(one - answeredMs))));
    }
    recordFigure("readOnlyMs", took);
    expect(took).toHaveLength(circle.guests.length * 2 * everyKind.length);
    const held = all.flatMap(({ streams: theirs }) => theirs.filter(({ kind }) => kind === "own notes"));
    expect(new Set((await Promise.all(held.map((one) => one.useAgain()))).flat())).toEqual(new Set(["4403"]));
    const { id: meetingId } = circle.meeting;
    const chunk = { clientKey: "late", text: "late", confidence: 1, startMs: 0, endMs: 1 };
    for (const socket of all.flatMap(({ sockets }) => sockets)) {
      const said = await emit(socket, "transcript:append", { meetingId, chunks: [chunk] });
      const sent = await emit(socket, "chat:send", { meetingId, clientKey: "late", content: "late" });
      expect([said, sent].map(errorCodeOf)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    }
    // They come back with what was refused, and it is refused again.
    const shared = all.flatMap(({ streams: theirs }) =>
      theirs.flatMap((stream) => (stream.kind === "notes" ? [stream.client] : [])),
    );
    let refusals = 0;
    for (const { provider, push } of shared) {
      push("late");
      provider.disconnect();
      provider.messageHandlers[notesMessage.refused] = () => void (refusals += 1);
      provider.connect();
    }
    await until(() => refusals >= shared.length, "what was brought again to be refused");
    expect(await rights.useAgain(circle, [])).toEqual([]);
  });

  test("[END-4] who is no longer a host is shown no more prompts, and keeps the rest", async () => {
    const circle = await gather("Cohosts", { role: "host" });
    const opened = await rights.openAll(circle, { query: "prompts" });
    const prompts = opened.map((one) => ({
      ...one,
      streams: one.streams.filter(({ kind }) => kind === "live"),
    }));
    const told = await rights.measure(circle, prompts, {
      figure: "hostNoMoreMs",
      end: (guest) => changeRole(circle, guest, "participant"),
    });
    expect(told).toEqual(["FORBIDDEN"]);
    expect(await rights.useAgain(circle, prompts)).toEqual(["FORBIDDEN"]);
    const kept = opened.flatMap((one) => one.streams.filter(({ kind }) => kind !== "live"));
    expect(kept.filter((stream) => stream.hasEnded())).toEqual([]);
  });

  test(`[END-5] one person takes their consent to observers back: ${streams} streams of observers end at once`, async () => {
    const kinds = ["socket", "live", "notes"] as const;
    const count = Math.ceil(streams / (2 * kinds.length));
    const circle = await gather("Watched", { role: "observer", count });
    for (const person of [circle.host, circle.bystander]) await share(person);
    const bystander = await rights.open(circle, circle.bystander);
    const opened = await rights.openAll(circle, { kinds });
    const path = `/api/v1/meetings/${circle.meeting.id}/consents`;
    const told = await rights.measure(circle, opened, {
      figure: "sharingWithdrawnMs",
      atOnce: true,
      end: () => decide(circle.bystander, "sharing", "refused", path),
    });
    expect(told).toEqual(["4403", "CONSENT_MISSING", "access:revoked"]);
    expect(await rights.useAgain(circle, opened)).toEqual(["4403", "CONSENT_MISSING", "FORBIDDEN"]);
    expect(bystander.streams.filter((stream) => stream.hasEnded())).toEqual([]);
  });

  test("[END-6] who takes back the consent to captions: their pages hear of it on both nodes, which take none of their words", async () => {
    const circle = await gather("Captioned");
    const { id: meetingId } = circle.meeting;
    const path = `/api/v1/meetings/${meetingId}/consents`;
    const opened: Opened[] = [];
    for (const guest of circle.guests) {
      await decide(guest, "captions", "given", path);
      opened.push(await rights.open(circle, guest, { query: "consents" }));
    }
    const took: number[] = [];
    for (const [index, guest] of circle.guests.entries()) {
      const { sockets } = itemAt(opened, index);
      const heard = sockets.map(
        (socket) =>
          new Promise<number>((resolve) =>
            socket.on("live:update", ({ snapshot }: ServerEventPayload<"live:update">) => {
              if (refuses(snapshot, "captions")) resolve(performance.now());
            }),
          ),
      );
      await decide(guest, "captions", "refused", path);
      const answeredMs = performance.now();
      for (const atMs of await Promise.all(heard)) took.push(Math.max(0, Math.round(atMs - answeredMs)));
      for (const socket of sockets) {
        const chunk = { clientKey: "late", text: "late", confidence: 1, startMs: 0, endMs: 1 };
        const answer = await emit(socket, "transcript:append", { meetingId, chunks: [chunk] });
        expect(errorCodeOf(answer)).toBe("CONSENT_MISSING");
      }
    }
    recordFigure("captionsRefusedMs", took);
    expect(await rights.useAgain(circle, [])).toEqual([]);
  });

  test("[END-7] an administrator who becomes a member, by a page or at the vendor, is refused by every node", async () => {
    const circle = await gather("Administered", { organization: true });
    const path = "/api/v1/admin/organization";
    const took: number[] = [];
    for (const [index, guest] of circle.guests.entries()) {
      const member = `/api/v1/admin/members/${guest.membershipId}`;
      await rights.ask(circle.host, "PATCH", member, { role: "admin" });
      await until(
        async () => (await rights.statusAt(rights.there.url, guest, path)) === 200,
        "an administrator at the other node",
      );
      if (index % 2 === 0) await rights.ask(circle.host, "PATCH", member, { role: "member" });
      else await users().updateOrganizationMembership(guest.membershipId, { roleSlug: "member" });
      const answeredMs = performance.now();
      for (const { url } of rights.world.nodes) {
        while ((await rights.statusAt(url, guest, path)) === 200);
        took.push(Math.round(performance.now() - answeredMs));
        expect(await rights.statusAt(url, guest, path)).toBe(403);
      }
    }
    recordFigure("administratorNoMoreMs", took);
  });

  const leavesQueue: { figure: string; end(circle: Circle, guest: Person): Promise<unknown> }[] = [
    {
      figure: "blockedInQueueMs",
      end: ({ bystander }, { userId }) =>
        rights.ask(bystander, "POST", `/api/v1/people/${userId}/connection`, { action: "block" }),
    },
    {
      figure: "blocksInQueueMs",
      end: ({ bystander }, guest) =>
        rights.ask(guest, "POST", `/api/v1/people/${bystander.userId}/connection`, { action: "block" }),
    },
    {
      figure: "removedInQueueMs",
      end: ({ host }, { membershipId }) =>
        rights.ask(host, "DELETE", `/api/v1/admin/members/${membershipId}`),
    },
    {
      figure: "deletedInQueueMs",
      end: (_circle, { workosUserId }) => users().deleteUser(workosUserId),
    },
  ];

  test("[END-8] who waits for a match and is blocked, blocks, leaves the organisation or is deleted is proposed no more, at either node", async () => {
    const circle = await gather("Queued", { organization: true, count: queued * leavesQueue.length });
    const pages = await Promise.all(
      rights.world.nodes.map(({ url }) => watchQueue(rights, url, circle.bystander)),
    );
    await enterQueue(rights, circle.bystander);
    for (const [way, { figure, end }] of leavesQueue.entries()) {
      const took: number[] = [];
      for (const guest of circle.guests.slice(way * queued, (way + 1) * queued)) {
        await enterQueue(rights, guest);
        await Promise.all(pages.map((page) => page.shows(guest, true)));
        const gone = pages.map((page) => page.shows(guest, false));
        await end(circle, guest);
        const answeredMs = performance.now();
        for (const atMs of await Promise.all(gone)) took.push(Math.max(0, Math.round(atMs - answeredMs)));
      }
      recordFigure(figure, took);
    }
    const mine = await rights.ask<OwnMatching>(circle.bystander, "GET", "/api/v1/matching/queue/mine");
    expect([mine.status, mine.proposals]).toEqual(["waiting", []]);
  });
});

function refuses(snapshot: unknown, purpose: ConsentPurpose): boolean {
  const mine = (snapshot as { mine?: { purpose: string; answer: string | null }[] } | null)?.mine ?? [];
  return mine.some((one) => one.purpose === purpose && one.answer === "refused");
}
