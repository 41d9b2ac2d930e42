// Many generated inputs against one running product: fast-check makes and shrinks them, judge.ts says what no answer may be.
import { Agent } from "node:http";
import fc from "fast-check";
import { webhookSignature } from "../../../server/vendors/identity/emulator/webhooks.ts";
import { timestampedSignature } from "../../../server/platform/webhook-signature.ts";
import { liveQueries } from "../../../shared/protocol/live-queries.ts";
import { clientEvents } from "../../../shared/protocol/socket-events.ts";
import { soundAfterwards } from "./afterwards.ts";
import { fitting, unfitting, type JsonSchema } from "./arbitrary.ts";
import { graphqlTarget } from "./graphql.ts";
import { encodeJson, hostileSegment } from "./hostile.ts";
import {
  damagedBody,
  operationsOf,
  requestsOf,
  sendRequest,
  type GeneratedRequest,
  type Operation,
} from "./http.ts";
import { judgeHttp } from "./judge.ts";
import {
  eventsOf,
  notesFrames,
  NotesProbe,
  sendEvent,
  sendPacket,
  strayPackets,
  subscriptionsOf,
} from "./live.ts";
import { RawSocket } from "./socket.ts";
import { Tally } from "./tally.ts";
import { brokenWire, sendBytes } from "./wire.ts";
import { openFuzzWorld, type FuzzWorld } from "./world.ts";

/** These end what the others need: they are asked about meetings of their own. */
const ending = [
  "endMeeting",
  "cancelMeeting",
  "startMeeting",
  "updateMeeting",
  "changeParticipant",
  "removeParticipant",
];
const atOnce = 4;

interface Target {
  name: string;
  weight: number;
  /** One input: what became of it. */
  property(count: (outcome: string) => void): fc.IAsyncProperty<unknown>;
  close?(): void;
}

export interface SchemaFuzzResult {
  tally: Tally;
  seed: number;
  seconds: number;
  /** Of the server, at the end. */
  residentMegabytes: number;
  after: string[];
}

export async function runSchemaFuzz(options: {
  inputs: number;
  seed: number;
  progress?: (line: string) => void;
}): Promise<SchemaFuzzResult> {
  const startedMs = performance.now();
  const tally = new Tally();
  const world = await openFuzzWorld();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const targets = await targetsOf(world, agent);
    const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
    const waiting = [...targets];
    const work = async () => {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        const before = tally.failures.length;
        const numRuns = Math.ceil((options.inputs * target.weight) / weights);
        await runTarget(target, numRuns, options.seed, tally);
        const failed = tally.failures.length > before ? `: ${tally.failures.at(-1)?.slice(0, 400)}` : "";
        options.progress?.(
          `${tally.inputs} inputs, ${tally.failures.length} failures: ${target.name}${failed}`,
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const { lines, failures, residentMegabytes } = await soundAfterwards(world);
    tally.failures.push(...failures);
    const seconds = (performance.now() - startedMs) / 1000;
    return { tally, seed: options.seed, seconds, residentMegabytes, after: lines };
  } finally {
    agent.destroy();
    await world.server.close();
  }
}

export function describeSchemaFuzz({
  tally,
  seed,
  seconds,
  residentMegabytes,
  after,
}: SchemaFuzzResult): string {
  return [
    `${tally.inputs} inputs in ${seconds.toFixed(0)} s from seed ${seed}, ${tally.failures.length} failures`,
    `the server's memory at the end: ${residentMegabytes} MB`,
    ...after,
    "",
    ...tally.lines(),
    ...tally.failures.map((failure) => `FAILED ${failure}`),
  ].join("\n");
}

async function runTarget(
  { name, property, close }: Target,
  numRuns: number,
  seed: number,
  tally: Tally,
): Promise<void> {
  const details = await fc.check(
    property((outcome) => tally.count(name, outcome)),
    { numRuns, seed },
  );
  close?.();
  if (!details.failed) return;
  const { errorInstance, counterexample, counterexamplePath } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  tally.failures.push(
    `${name} (seed ${seed}, path ${counterexamplePath ?? "none"}): ${why}\n  ${fc.stringify(counterexample).slice(0, 1_500)}`,
  );
}

async function targetsOf(world: FuzzWorld, agent: Agent): Promise<Target[]> {
  const document: unknown = await (await fetch(`${world.server.url}/api/v1/openapi.json`)).json();
  const operations = operationsOf(document);
  const webhooks = operations.filter(({ path }) => path.startsWith("/webhooks/"));
  return [
    ...operations.map((operation) => operationTarget(world, agent, operation)),
    ...webhooks.map((operation) => webhookTarget(world, agent, operation)),
    graphqlTarget(world, agent),
    pathTarget(world, agent),
    wireTarget(world),
    ...liveTargets(world),
    notesTarget(world),
  ];
}

function operationTarget(world: FuzzWorld, agent: Agent, operation: Operation): Target {
  const known = ending.includes(operation.name) ? { ...world.known, id: world.spare } : world.known;
  const base = new URL(world.server.url);
  const weight = operation.body !== null ? 5 : Object.keys(operation.query).length > 0 ? 3 : 1;
  return {
    name: `${operation.method} ${operation.path}`,
    weight,
    property: (count) =>
      fc.asyncProperty(requestsOf(operation, known), fc.boolean(), async (request, guest) => {
        const token = guest ? world.participant : world.token;
        count(judgeHttp(await sendRequest(base, request, { token, agent }), "api"));
      }),
  };
}

/** Signed as its vendor would, whatever is in it. */
function webhookTarget(world: FuzzWorld, agent: Agent, { name, path, params, body }: Operation): Target {
  const base = new URL(world.server.url);
  const workos = name === "workosWebhook";
  const schema = workos ? workosEvent : (body ?? {});
  const good = fitting(schema, world.known).map((value) => Buffer.from(encodeJson(value)));
  const bad = unfitting(schema, world.known).map((value) => Buffer.from(encodeJson(value)));
  const bodies = fc.oneof(
    { weight: 3, arbitrary: good },
    { weight: 6, arbitrary: bad },
    {
      weight: 1,
      arbitrary: good.chain((bytes) => damagedBody(bytes).map((sent) => sent.bytes ?? Buffer.alloc(0))),
    },
  );
  return {
    name: `${name}, signed`,
    weight: 20,
    property: (count) =>
      fc.asyncProperty(bodies, async (bytes) => {
        const now = Date.now();
        const text = bytes.toString("utf8");
        const signature: Record<string, string> = workos
          ? { "workos-signature": webhookSignature(world.workosSecret, now, text) }
          : {
              "connvo-signature": timestampedSignature(world.transcriptSecret, Math.floor(now / 1000), bytes),
            };
        const request: GeneratedRequest = {
          method: "POST",
          target: "meetingId" in params ? path.replace("{meetingId}", world.meetingId) : path,
          headers: { "content-type": "application/json", ...signature },
          body: workos ? Buffer.from(text) : bytes,
        };
        count(judgeHttp(await sendRequest(base, request, { token: null, agent }), "api"));
      }),
  };
}

const text = { type: "string", maxLength: 40 };
const moment = { type: "string", format: "date-time" };
/** As the vendor sends them; the endpoint's own schema leaves the content open. */
const workosEvent: JsonSchema = {
  type: "object",
  required: ["id", "event", "created_at", "data"],
  properties: {
    id: { type: "string", minLength: 1, maxLength: 20 },
    created_at: moment,
    event: {
      enum: ["user", "organization", "organization_membership", "session", "invitation", "nothing"].flatMap(
        (kind) => ["created", "updated", "deleted", "revoked"].map((what) => `${kind}.${what}`),
      ),
    },
    data: {
      type: "object",
      required: ["id", "object"],
      properties: {
        id: { type: "string", minLength: 1, maxLength: 20 },
        object: { enum: ["user", "organization", "organization_membership", "session"] },
        email: { enum: ["fuzz@example.org", "not an address", ""] },
        email_verified: { type: "boolean" },
        name: text,
        first_name: text,
        user_id: text,
        organization_id: text,
        organization_name: text,
        status: { enum: ["active", "inactive", "pending"] },
        role: { type: "object", required: ["slug"], properties: { slug: text } },
        metadata: { type: "object", properties: {} },
        domains: { type: "array", items: text },
        created_at: moment,
        updated_at: moment,
      },
    },
  },
};

/** Addresses that name no operation: files, sign-in pages, and ways out of the directory. */
function pathTarget(world: FuzzWorld, agent: Agent): Target {
  const base = new URL(world.server.url);
  const beginning = fc.constantFrom(
    "/",
    "/assets/",
    "/api/",
    "/api/v1/",
    "/api/v1/meetings/",
    "/auth/",
    "/auth/sign-in?returnTo=",
    "/auth/sign-in?loginHint=",
    "/auth/callback?code=x&state=",
    "/auth/organization?x=",
    "/local-sign-in/",
    "/local-sign-in?redirect_uri=",
    "/local-sign-in/accept?token=",
    "/webhooks/",
    "/webhooks/transcripts/",
    "/socket.io/",
    "/socket.io/?EIO=",
    "/notes/",
    "/healthz",
    "/metrics",
    "/meetings/",
  );
  const requests = fc.record({
    method: fc.constantFrom("GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"),
    beginning,
    rest: fc.oneof(
      hostileSegment,
      fc.constantFrom("", "x", "..%2f..%2fpackage.json", "../package.json", "index.html"),
    ),
    sameSite: fc.boolean(),
  });
  return {
    name: "addresses beside the operations",
    weight: 25,
    property: (count) =>
      fc.asyncProperty(requests, async ({ method, beginning: start, rest, sameSite }) => {
        const body =
          method === "GET" || method === "HEAD" ? null : Buffer.from("organizationId=org_x&email=a%00b");
        const headers = {
          ...(body === null ? {} : { "content-type": "application/x-www-form-urlencoded" }),
          ...(sameSite ? { "sec-fetch-site": "same-origin" } : {}),
        };
        const request = { method, target: start + rest, headers, body };
        count(judgeHttp(await sendRequest(base, request, { token: null, agent }), "any"));
      }),
  };
}

function wireTarget(world: FuzzWorld): Target {
  const base = new URL(world.server.url);
  return {
    name: "bytes that are not quite HTTP",
    weight: 15,
    property: (count) =>
      fc.asyncProperty(brokenWire, async ({ text: bytes }) => {
        const proven = bytes.replace("AUTH", `Authorization: Bearer ${world.token}`);
        count(judgeHttp(await sendBytes(base, proven), "wire"));
      }),
  };
}

/** Opened when it is needed, and again after the server has closed it. */
function kept<Connection extends { isOpen: boolean; close(): void }>(open: () => Promise<Connection>) {
  let current: Connection | null = null;
  return {
    async get(): Promise<Connection> {
      if (current?.isOpen !== true) current = await open();
      return current;
    },
    close: () => current?.close(),
  };
}

function liveTargets(world: FuzzWorld): Target[] {
  const target = (name: string, event: string, inputs: ReturnType<typeof eventsOf>): Target => {
    const socket = kept(() => RawSocket.open(world.server.url, world.token));
    return {
      name,
      weight: 10,
      close: socket.close,
      property: (count) =>
        fc.asyncProperty(inputs, async (input) =>
          count(await sendPatiently(await socket.get(), event, input)),
        ),
    };
  };
  const events = Object.keys(clientEvents) as (keyof typeof clientEvents)[];
  const queries = Object.keys(liveQueries) as (keyof typeof liveQueries)[];
  const stray = kept(() => RawSocket.open(world.server.url, world.participant));
  return [
    ...events.map((name) => target(`event ${name}`, name, eventsOf(name, world.known))),
    ...queries.map((name) => ({
      ...target(`live query ${name}`, "live:subscribe", subscriptionsOf(name, world.known)),
      weight: 5,
    })),
    {
      name: "packets that are no events",
      weight: 20,
      close: stray.close,
      property: (count) =>
        fc.asyncProperty(strayPackets, async (packet) => count(await sendPacket(await stray.get(), packet))),
    },
  ];
}

/** A refusal for too many events is no answer to this one. */
async function sendPatiently(
  socket: RawSocket,
  name: string,
  input: Parameters<typeof sendEvent>[2],
): Promise<string> {
  for (;;) {
    const outcome = await sendEvent(socket, name, input);
    if (outcome !== "RATE_LIMITED") return outcome;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function notesTarget(world: FuzzWorld): Target {
  const probe = kept(() => NotesProbe.open(world.server.url, world.meetingId, world.token));
  return {
    name: "frames of notes",
    weight: 60,
    close: probe.close,
    property: (count) =>
      fc.asyncProperty(notesFrames, fc.nat({ max: 20 }), async (frame, dice) =>
        count(await (await probe.get()).send(frame, dice === 0)),
      ),
  };
}
