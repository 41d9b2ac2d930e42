// A running meeting and an organisation, and everybody who comes to their doors.
import { decodeJwt } from "jose";
import { webhookSignature } from "../../../server/vendors/identity/emulator/webhooks.ts";
import { localUserId } from "../../../server/vendors/identity/emulator/access-token.ts";
import { apiScopes, type ApiScope } from "../../../shared/schemas/api-keys.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { Organization } from "../../../shared/schemas/organizations.ts";
import { pngOf } from "../../../server/platform/uploads/testing-pictures.ts";
import { startTestServer, type TestServer } from "../../factories/server.ts";
import { inTheMeeting, people, type BadProof, type Person } from "./actors.ts";
import { askAt, sendTo, type Answer } from "./calls.ts";
import { proofMint, type ProofMint, type TokenPerson } from "./proofs.ts";
import { pairingGroup } from "./pairing-table.ts";
import { canary, organizationCanary, unknownId, type Sample } from "./table.ts";

export interface AccessWorld {
  server: TestServer;
  meetingId: MeetingId;
  sample: Sample;
  tokens: Record<Person, string>;
  badProofs: Record<BadProof, string | null>;
  /** The administrator's keys: for one scope alone, and for every other one. */
  keyFor(scope: ApiScope): string;
  keyWithout(scope: ApiScope | undefined): string;
  send(token: string | null, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Throws where it is refused. */
  api<Result>(token: string, method: string, path: string, body?: unknown): Promise<Result>;
  /** Another running meeting of the host with the same people. */
  another(): Promise<Sample>;
}

const secret = "s".repeat(32);
const domain = "example.org";
const acme = "Acme";

const peopleOf: Record<Person, TokenPerson> = Object.fromEntries(
  Object.keys(people).map((name) => [
    name,
    {
      email: `${name.toLowerCase()}@${domain}`,
      organization: ["elsewhere", "otherAdmin"].includes(name) ? "Other" : acme,
      role: ["admin", "otherAdmin"].includes(name) ? "admin" : "member",
      ...(name === "impersonated" ? { impersonator: `support@${domain}` } : {}),
    },
  ]),
) as Record<Person, TokenPerson>;

export async function openAccessWorld(): Promise<AccessWorld> {
  const server = await startTestServer({
    environment: {
      OPERATORS: `operator@${domain},impersonated@${domain}`,
      RATE_LIMITS: "off",
      TRANSCRIPT_WEBHOOK_SECRETS: secret,
      MAIL_WEBHOOK_SECRETS: secret,
    },
  });
  const mint = await proofMint(server.dataDir);
  const names = Object.keys(people) as Person[];
  const tokens = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await mint.token(peopleOf[name])])),
  ) as Record<Person, string>;
  // Support that is signed in as somebody cannot agree to anything: the person can.
  const themselves = await mint.token({ ...peopleOf.impersonated, impersonator: undefined });
  const send: AccessWorld["send"] = (token, method, path, body) =>
    sendTo(server.url + path, token, method, body);
  const api: AccessWorld["api"] = (token, method, path, body) =>
    askAt(server.url + path, token, method, body);

  async function running(): Promise<Meeting> {
    const meeting = await api<Meeting>(tokens.host, "POST", "/api/v1/meetings", {
      title: `Private ${canary}`,
      scheduledAt: "2030-03-12T10:00:00.000Z",
      durationMinutes: 45,
      participants: ["participant", "impersonated", "observer"].map((name) => ({
        email: `${name}@${domain}`,
        role: name === "observer" ? "observer" : "participant",
      })),
    });
    for (const name of inTheMeeting) {
      if (name === "observer") continue;
      const consent = { purpose: "sharing", answer: "given", wording: 1 };
      const token = name === "impersonated" ? themselves : tokens[name];
      await api(token, "POST", `/api/v1/meetings/${meeting.id}/consents`, consent);
    }
    await api(tokens.host, "POST", `/api/v1/meetings/${meeting.id}/start`);
    return meeting;
  }

  // Everybody is known before anything is asked for.
  for (const name of names) await api(tokens[name], "GET", "/api/v1/me");
  const meeting = await running();
  const path = `/api/v1/meetings/${meeting.id}`;
  const left = { email: `left@${domain}`, role: "participant" };
  const { userId: leftId } = await api<{ userId: string }>(tokens.host, "POST", `${path}/participants`, left);
  await api(tokens.left, "GET", path);
  await api(tokens.host, "DELETE", `${path}/participants/${leftId}`);
  await api(tokens.participant, "POST", `${path}/transcript`, {
    chunks: [{ clientKey: "seed", text: canary, confidence: 1, startMs: 0, endMs: 1000 }],
  });
  await api(tokens.host, "POST", `${path}/messages`, { clientKey: "seed", content: canary });
  await api(tokens.host, "POST", `${path}/notes/operations`, {
    clientKey: "seed",
    baseVersion: 0,
    operations: [{ type: "insert", position: 0, content: canary }],
  });
  // A good token, only not for this meeting.
  for (const name of ["stranger", "elsewhere"] as const)
    await api(tokens[name], "POST", "/api/v1/meetings", { title: "Elsewhere" });

  const madeKey = (name: string, scopes: readonly ApiScope[]) =>
    api<{ id: string; secret: string }>(tokens.admin, "POST", "/api/v1/admin/api-keys", { name, scopes });
  const keysFor = new Map<ApiScope, string>();
  const keysWithout = new Map<ApiScope, string>();
  for (const scope of apiScopes) {
    keysFor.set(scope, (await madeKey(`For ${scope}`, [scope])).secret);
    const others = apiScopes.filter((other) => other !== scope);
    keysWithout.set(scope, (await madeKey(`All but ${scope}`, others)).secret);
  }
  const keyForAll = (await madeKey("For all", apiScopes)).secret;
  const found = (key: string | undefined): string => {
    if (key === undefined) throw new Error("there is no such key");
    return key;
  };
  const parts = { server, mint, tokens, send, api, madeKey };
  const world: AccessWorld = {
    server,
    meetingId: meeting.id,
    sample: await sampleOf(parts, meeting),
    tokens,
    badProofs: await badProofsOf(parts),
    keyFor: (scope) => found(keysFor.get(scope)),
    keyWithout: (scope) => (scope === undefined ? keyForAll : found(keysWithout.get(scope))),
    send,
    api,
    another: async () => ({ ...world.sample, meetingId: (await running()).id }),
  };
  return world;
}

type Parts = Pick<AccessWorld, "server" | "tokens" | "send" | "api"> & {
  mint: ProofMint;
  madeKey(name: string, scopes: readonly ApiScope[]): Promise<{ id: string; secret: string }>;
};

async function sampleOf({ mint, tokens, api, madeKey }: Parts, meeting: Meeting): Promise<Sample> {
  const participant = meeting.participants.find(({ email }) => email === `participant@${domain}`);
  const mails = await api<{ items: { id: string }[] }>(tokens.participant, "GET", "/api/v1/outbox");
  const template = await api<{ id: string }>(
    tokens.host,
    "POST",
    `/api/v1/meetings/${meeting.id}/notes/templates`,
    { title: canary },
  );
  const file = await api<{ id: string }>(
    tokens.host,
    "POST",
    `/api/v1/meetings/${meeting.id}/attachments?clientKey=seed&name=${canary}.txt`,
    Buffer.from(canary),
  );
  const { posting } = await api<{ posting: { id: string } }>(tokens.host, "POST", "/api/v1/career/postings", {
    text: `Bee keeper\n${canary}: we need experience with bees, hives and their honey.`,
  });
  const { application } = await api<{ application: { id: string } }>(
    tokens.host,
    "POST",
    "/api/v1/career/applications",
    { postingId: posting.id },
  );
  const { id: messageId } = await api<{ id: string }>(
    tokens.host,
    "POST",
    `/api/v1/meetings/${meeting.id}/messages`,
    { clientKey: "seed-sample", content: canary },
  );
  const withFile = { clientKey: "seed-file", content: canary, attachments: [file.id] };
  await api(tokens.host, "POST", `/api/v1/meetings/${meeting.id}/messages`, withFile);
  await api(tokens.participant, "PUT", "/api/v1/me/photo", pngOf(8, 8));
  const second = await mint.token(peopleOf.host);
  await api(second, "GET", "/api/v1/me");
  const member = `member.${organizationCanary}@${domain}`;
  await api(await mint.token({ email: member, organization: acme }), "GET", "/api/v1/me");
  const { members } = await api<Organization>(tokens.admin, "GET", "/api/v1/admin/organization");
  const pairing = await api<{ id: string }>(
    tokens.admin,
    "POST",
    "/api/v1/admin/matching/groups",
    pairingGroup("Everybody"),
  );
  const invited = { email: `invited.${organizationCanary}@${domain}` };
  const invitation = await api<{ id: string }>(tokens.admin, "POST", "/api/v1/admin/invitations", invited);
  return {
    meetingId: meeting.id,
    userId: participant?.userId ?? unknownId,
    promptId: unknownId,
    messageId,
    fileId: file.id,
    actionId: unknownId,
    mailId: mails.items[0]?.id ?? unknownId,
    templateId: template.id,
    postingId: posting.id,
    applicationId: application.id,
    sessionId: String(decodeJwt(second)["sid"]),
    membershipId: members.find(({ email }) => email === member)?.id ?? "unknown",
    invitationId: invitation.id,
    apiKeyId: (await madeKey(organizationCanary, ["meetings:read"])).id,
    pairingGroupId: pairing.id,
  };
}

async function badProofsOf({
  server,
  mint,
  tokens,
  send,
  api,
  madeKey,
}: Parts): Promise<AccessWorld["badProofs"]> {
  const forged = await mint.forged(peopleOf.host);
  const [ended, removed, deleted] = (await Promise.all(
    ["ended", "removed", "deleted"].map((name) =>
      mint.token({ email: `${name}@${domain}`, organization: acme }),
    ),
  )) as [string, string, string];
  for (const token of [ended, removed, deleted]) await api(token, "GET", "/api/v1/me");
  const again = await mint.token({ email: `ended@${domain}`, organization: acme });
  await api(again, "DELETE", `/api/v1/me/sessions/${String(decodeJwt(ended)["sid"])}`);
  const { members } = await api<Organization>(tokens.admin, "GET", "/api/v1/admin/organization");
  const membership = members.find(({ email }) => email === `removed@${domain}`);
  await api(tokens.admin, "DELETE", `/api/v1/admin/members/${membership?.id}`);
  const body = JSON.stringify({
    id: "event_deleted_person",
    event: "user.deleted",
    created_at: new Date(Date.now() + 1_000).toISOString(),
    data: { object: "user", id: localUserId(`deleted@${domain}`), email: `deleted@${domain}` },
  });
  const told = await fetch(`${server.url}/webhooks/workos`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "workos-signature": webhookSignature(mint.keys.webhookSecret, Date.now(), body),
    },
    body,
  });
  if (!told.ok) throw new Error(`the webhook answered ${told.status}`);
  const revoked = await madeKey("Revoked", apiScopes);
  await send(tokens.admin, "DELETE", `/api/v1/admin/api-keys/${revoked.id}`);
  return {
    none: null,
    ...forged,
    endedSession: ended,
    removedMember: removed,
    deletedPerson: deleted,
    revokedApiKey: revoked.secret,
  };
}
