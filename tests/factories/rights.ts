// Two nodes with people who are signed in at them, in meetings and organisations of their own, and the vendor's dashboard beside them.
import { expect } from "vitest";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { startLocalVendor } from "../../server/vendors/identity/local.ts";
import type { Meeting, MeetingRole } from "../../shared/schemas/meetings.ts";
import type { SignInSession } from "../../shared/schemas/organizations.ts";
import type { Me } from "../../shared/schemas/users.ts";
import { recordFigure } from "./figures.ts";
import { itemAt } from "./live-people.ts";
import { headersOf, startNodes, until, type NodesWorld } from "./nodes.ts";
import { openStreams, type Opened, type OpenOptions, type StreamOwner } from "./open-streams.ts";
import type { TestServer } from "./server.ts";
import { signInAt } from "./sign-in.ts";

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

export async function openRightsWorld() {
  const world: NodesWorld = await startNodes(2);
  const [here, there] = world.nodes as [TestServer, TestServer];
  // It tells the first node.
  const vendor = await startLocalVendor({
    dataDir: world.dataDir,
    host: "127.0.0.1",
    publicUrl: here.url,
    webhookUrl: `${here.url}/webhooks/workos`,
    clock: systemClock,
    ids: systemIds,
  });
  const ask = <Answer>(who: StreamOwner, method: string, path: string, body?: unknown) =>
    world.api<Answer>(here.url, who, method, path, body);
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
        ...guests.map(({ email }) => ({ email, role })),
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
      await vendor.vendor.stop();
      await world.close();
    },
  };
}
