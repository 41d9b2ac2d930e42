// Two nodes with people who are signed in at them, in meetings and organisations of their own, and the vendor's dashboard beside them.
import { expect } from "vitest";
import { systemIds } from "../../server/platform/ids.ts";
import { localIdentityDirectory } from "../../server/vendors/identity/emulator/access-token.ts";
import { openLocalDirectory } from "../../server/vendors/identity/emulator/directory.ts";
import { localPagesPath, startLocalVendor } from "../../server/vendors/identity/local.ts";
import { limits } from "../../shared/limits.ts";
import type { Meeting, MeetingRole } from "../../shared/schemas/meetings.ts";
import type { SignInSession } from "../../shared/schemas/organizations.ts";
import type { Me } from "../../shared/schemas/users.ts";
import { MovableClock } from "./clock.ts";
import { recordFigure } from "./figures.ts";
import { itemAt } from "./live-people.ts";
import { headersOf, startNodes, until, type NodesOptions, type NodesWorld } from "./nodes.ts";
import { openStreams, type Opened, type OpenOptions, type StreamOwner } from "./open-streams.ts";
import type { TestServer } from "./server.ts";
import { serve, signInAt, submitSignInPage } from "./sign-in.ts";

/** Beside the host and a bystander. */
const guestsInCall = limits.meetingMaxParticipants - 2;

/** One of each kind at each of two nodes. */
export const everyKind = ["socket", "live", "notes", "own notes"] as const;

export interface Person extends StreamOwner {
  membershipId: string;
  workosUserId: string;
}

export interface Circle {
  orgId: string | null;
  meeting: Meeting;
  host: Person;
  /** Of whom nothing is taken. */
  bystander: Person;
  guests: Person[];
}

export interface CircleOptions {
  organization?: boolean;
  role?: MeetingRole;
  count: number;
  /** Of the first guest. */
  impersonator?: string | undefined;
}

export type RightsWorld = Awaited<ReturnType<typeof openRightsWorld>>;

export async function openRightsWorld(options: Pick<NodesOptions, "environment"> = {}) {
  const world: NodesWorld = await startNodes(2, options);
  const [here, there] = world.nodes as [TestServer, TestServer];
  const clock = new MovableClock();
  // It tells the first node.
  const vendor = await startLocalVendor({
    dataDir: world.dataDir,
    host: "127.0.0.1",
    publicUrl: here.url,
    webhookUrl: `${here.url}/webhooks/workos`,
    clock,
    ids: systemIds,
  });
  const ask = <Answer>(who: StreamOwner, method: string, path: string, body?: unknown) =>
    world.api<Answer>(here.url, who, method, path, body);
  const { pages } = vendor.vendor;
  if (pages === null) throw new Error("local mode has pages to sign in on");
  const signInPages = await serve(pages);
  const sdk = vendor.sdk();
  const users = sdk.userManagement;
  const livingSessions = async ({ workosUserId }: Person) =>
    (await users.listSessions(workosUserId)).data.length;

  async function signIn(
    email: string,
    place: Pick<Person, "membershipId" | "workosUserId">,
    impersonator?: string,
  ): Promise<Person> {
    const { jar } = await signInAt(here.url, {
      email,
      name: email.split("@")[0] ?? "",
      ...(impersonator === undefined ? {} : { impersonator }),
    });
    const cookie = jar.header;
    const me = await world.api<Me>(here.url, { cookie }, "GET", "/api/v1/me");
    const { items } = await world.api<{ items: SignInSession[] }>(
      here.url,
      { cookie },
      "GET",
      "/api/v1/me/sessions",
    );
    return { email, cookie, userId: me.id, sessionId: itemAt(items, 0).id, ...place };
  }

  /** The sealed session of somebody who signed in ten minutes ago: its proof has run out, and no node has seen it yet. */
  async function staleSession(email: string): Promise<{ sealed: string; sessionId: string }> {
    await users.createUser({ email });
    clock.shiftMs = -10 * 60_000;
    try {
      const { url, codeVerifier } = await vendor.vendor.startSignIn({ redirectUri: "/auth/callback" });
      const { pathname, search } = new URL(url, signInPages.url);
      const answer = await submitSignInPage(
        `${signInPages.url}${pathname.slice(localPagesPath.length)}${search}`,
        { email },
      );
      const code = new URL(answer.headers.get("location") ?? "", here.url).searchParams.get("code") ?? "";
      const { sealed, session } = await vendor.vendor.exchangeCode({
        code,
        codeVerifier,
        ipAddress: "127.0.0.1",
        userAgent: "test",
      });
      return { sealed, sessionId: session.sessionId };
    } finally {
      clock.shiftMs = 0;
    }
  }

  /** How often the vendor was asked to refresh it: each time leaves a token, and the first came with the sign-in. */
  async function refreshesOf(sessionId: string): Promise<number> {
    const directory = await openLocalDirectory(localIdentityDirectory(world.dataDir));
    const session = directory.sessions.get(sessionId);
    if (session === undefined) throw new Error("the vendor does not know this session");
    return session.refreshTokens.length - 1;
  }

  /** An active meeting of people who have just signed in, in an organisation of their own where one is wanted. */
  async function gather(
    name: string,
    { organization = false, role = "participant", count, impersonator }: CircleOptions,
  ): Promise<Circle> {
    const orgId = organization ? (await sdk.organizations.createOrganization({ name })).id : null;
    const enter = async (who: string, roleSlug: string, as?: string): Promise<Person> => {
      const email = `${who}@${name.toLowerCase()}.example`;
      const user = await users.createUser({ email });
      const made =
        orgId === null
          ? null
          : await users.createOrganizationMembership({ userId: user.id, organizationId: orgId, roleSlug });
      return await signIn(email, { workosUserId: user.id, membershipId: made?.id ?? "" }, as);
    };
    const host = await enter("host", "admin");
    const bystander = await enter("bystander", "member");
    const guests: Person[] = [];
    for (let index = 0; index < count; index += 1) {
      guests.push(await enter(`guest${index}`, "member", index === 0 ? impersonator : undefined));
    }
    const { id } = await ask<Meeting>(host, "POST", "/api/v1/meetings", {
      title: "Rights that end",
      participants: [
        { email: bystander.email, role: "participant" },
        // As many as a call takes: who only waits in the queue need not be in it.
        ...guests.slice(0, guestsInCall).map(({ email }) => ({ email, role })),
      ],
    });
    const meeting = await ask<Meeting>(host, "POST", `/api/v1/meetings/${id}/start`);
    return { orgId, meeting, host, bystander, guests };
  }

  const open = ({ meeting }: Circle, owner: Person, more: Partial<OpenOptions> = {}) =>
    openStreams(world, { owner, meetingId: meeting.id, kinds: everyKind, ...more });

  async function openAll(circle: Circle, more: Partial<OpenOptions> = {}): Promise<Opened[]> {
    const opened: Opened[] = [];
    for (const guest of circle.guests) opened.push(await open(circle, guest, more));
    return opened;
  }

  /** `end` resolves with the answer of what ends something for the guest; the time counts from then on. */
  async function measure(
    circle: Circle,
    opened: readonly Opened[],
    options: { figure: string; end(guest: Person, index: number): Promise<unknown>; atOnce?: boolean },
  ): Promise<string[]> {
    const took: number[] = [];
    const seen = new Set<string>();
    const rounds = options.atOnce === true ? [opened] : opened.map((one) => [one]);
    for (const [index, round] of rounds.entries()) {
      const guest = itemAt(circle.guests, index);
      await options.end(guest, index);
      const answeredMs = performance.now();
      const theirs = round.flatMap((one) => one.streams);
      for (const { atMs, how } of await Promise.all(theirs.map(({ ended }) => ended))) {
        took.push(Math.max(0, Math.round(atMs - answeredMs)));
        seen.add(how);
      }
      // Two processes of the emulated vendor write one file: the node's has told it of the session before we go on.
      if (circle.orgId !== null && options.atOnce !== true)
        await until(async () => (await livingSessions(guest)) === 0, "the vendor to know of the end");
    }
    recordFigure(options.figure, took);
    return [...seen].sort();
  }

  /** What all of them are answered who use again what was theirs; nothing of it reaches the meeting. */
  async function useAgain({ meeting, host }: Circle, opened: readonly Opened[]): Promise<string[]> {
    const all = opened.flatMap((one) => one.streams);
    const answers = new Set((await Promise.all(all.map((stream) => stream.useAgain()))).flat());
    const witness = world.openNotes(there.url, host, meeting.id);
    await until(() => witness.provider.synced, "the host's notes");
    expect(witness.edits()).not.toContain("late");
    witness.provider.disconnect();
    for (const kind of ["transcript", "messages"]) {
      const kept = await ask<unknown>(host, "GET", `/api/v1/meetings/${meeting.id}/${kind}`);
      expect(JSON.stringify(kept)).not.toContain("late");
    }
    return [...answers].sort();
  }

  return {
    world,
    here,
    there,
    sdk,
    staleSession,
    refreshesOf,
    ask,
    signIn,
    gather,
    open,
    openAll,
    measure,
    useAgain,
    statusAt: async (url: string, who: StreamOwner, path: string) =>
      (await fetch(url + path, { headers: headersOf(url, who) })).status,
    async close() {
      try {
        await signInPages.close();
        await vendor.vendor.stop();
      } finally {
        await world.close();
      }
    },
  };
}
