// A running product with everything in it that generated inputs may name, and people who may do what is asked.
import { loadLocalKeys } from "../../../server/vendors/identity/emulator/keys.ts";
import { localIdentityDirectory } from "../../../server/vendors/identity/emulator/access-token.ts";
import { flags } from "../../../shared/flags.ts";
import { liveQueries } from "../../../shared/protocol/live-queries.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { Organization } from "../../../shared/schemas/organizations.ts";
import { startTestServer, type TestServer } from "../../factories/server.ts";
import type { KnownValues } from "./arbitrary.ts";

export interface FuzzWorld {
  server: TestServer;
  /** The host of the meetings, who also administers their organisation and operates the installation. */
  token: string;
  /** A participant of the meetings. */
  participant: string;
  meetingId: string;
  known: KnownValues;
  /** Meetings that may be ended, cancelled and emptied. */
  spare: readonly string[];
  transcriptSecret: string;
  workosSecret: string;
  api<Result>(token: string, method: string, path: string, body?: unknown): Promise<Result>;
}

const [host, participant] = ["host@example.org", "participant@example.org"];

export async function openFuzzWorld(): Promise<FuzzWorld> {
  const transcriptSecret = "s".repeat(32);
  const server = await startTestServer({
    store: "embedded",
    environment: { OPERATORS: host, RATE_LIMITS: "off", TRANSCRIPT_WEBHOOK_SECRETS: transcriptSecret },
  });
  const keys = await loadLocalKeys(localIdentityDirectory(server.dataDir));
  const token = await server.token(host, "Host", { org: "Acme", role: "admin" });
  const guest = await server.token(participant, "Guest", { org: "Acme" });
  const api: FuzzWorld["api"] = async (who, method, path, body) => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${who}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? null : JSON.parse(text)) as never;
  };
  for (const who of [token, guest]) await api(who, "GET", "/api/v1/me");
  const meeting = async (start: boolean) => {
    const made = await api<Meeting>(token, "POST", "/api/v1/meetings", {
      title: "Fuzzed",
      scheduledAt: "2030-03-12T10:00:00.000Z",
      participants: [{ email: participant, role: "participant" }],
    });
    if (start) await api(token, "POST", `/api/v1/meetings/${made.id}/start`);
    return made;
  };
  const running = await meeting(true);
  const path = `/api/v1/meetings/${running.id}`;
  await api(guest, "POST", `${path}/transcript`, {
    chunks: [0, 1, 2].map((at) => ({
      clientKey: `line-${at}`,
      text: "A line to be found, corrected and renamed",
      confidence: 1,
      startMs: at * 1000,
      endMs: at * 1000 + 900,
    })),
  });
  await api(token, "POST", `${path}/notes/operations`, {
    clientKey: "seed",
    baseVersion: 0,
    operations: [{ type: "insert", position: 0, content: "Goals\nA first line" }],
  });
  const template = await api<{ id: string }>(token, "POST", `${path}/notes/templates`, { title: "Mine" });
  const leaving = await server.token("member@example.org", "Member", { org: "Acme" });
  await api(leaving, "GET", "/api/v1/me");
  const { members } = await api<Organization>(token, "GET", "/api/v1/admin/organization");
  const mails = await api<{ items: { id: string }[] }>(guest, "GET", "/api/v1/outbox");
  const users = running.participants.map(({ userId }) => userId);
  const others = [await meeting(false), await meeting(true), await meeting(true)];
  const ended = others[2]?.id ?? running.id;
  await api(token, "POST", `/api/v1/meetings/${ended}/end`);
  return {
    server,
    token,
    participant: guest,
    meetingId: running.id,
    spare: others.slice(0, 2).map(({ id }) => id),
    known: {
      // Mostly the one that runs.
      id: [running.id, running.id, running.id, ended],
      meetingId: [running.id, running.id, running.id, ended],
      userId: users,
      speakerId: users,
      mailId: mails.items.map(({ id }) => id),
      templateId: [template.id],
      membershipId: members.filter(({ email }) => email === "member@example.org").map(({ id }) => id),
      sequence: [1, 2, 3],
      version: [0, 1, 2],
      baseVersion: [0, 1, 2],
      index: [0],
      key: Object.keys(flags),
      // What is said in rules that a schema cannot tell: an end not before its beginning, words that are more than blanks.
      startMs: [0, 500, 900],
      endMs: [900, 1_000, 86_400_000],
      content: ["Words", "كلمات", "言葉 🙂"],
      text: ["Words to be kept", "\u05d0\u05d1", "e\u0301"],
      title: ["A title", "Ein Titel"],
      timeZone: ["Europe/Berlin", "UTC"],
      query: Object.keys(liveQueries),
    },
    transcriptSecret,
    workosSecret: keys.webhookSecret,
    api,
  };
}
