// A process of a cluster that writes transcripts as clients do, follows them, and prints what it was told and what it saw.
import { once } from "node:events";
import { createInterface } from "node:readline";
import mongoose from "mongoose";
import { createRedisTransport } from "../../server/platform/cluster/redis-transport.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { actor, house, meeting } from "../factories/live-modules.ts";

/** Lines of its output. */
export type Told =
  | { kind: "ready"; term: string }
  /** Durable, as its sender was told. */
  | { kind: "acknowledged"; meetingId: string; sequence: number; text: string }
  /** A follower got something else than the next entry. */
  | { kind: "disorder"; meetingId: string; after: number; got: number }
  /** Nothing is written any more; how far its followers have come, and who it thinks owns the meetings. */
  | { kind: "quiet"; seen: Record<string, number>; term: string }
  | { kind: "claimed"; meetingId: string; owner: string; term: string };

const [uri = "", dbName = "", redisUrl = "", name = "", hostName = "", ids = ""] = process.argv.slice(2);
const meetingIds = ids.split(",") as MeetingId[];
const writersPerMeeting = 3;

// Pipes are written synchronously: what was printed before a SIGKILL arrives.
function tell(line: Told): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
const transport = await createRedisTransport({ url: redisUrl, logger: silentLogger });
const host = hostName === "" ? null : { name: hostName, pid: process.pid, isGone: () => false };
const { cluster, journal, transcripts } = await house({ connection }, { transport, ...(host && { host }) });
const person = actor();
let writing = false;
let loops: Promise<void>[] = [];

const follows = new Map(
  meetingIds.map((meetingId) => {
    let last = 0;
    const follow = cluster.streams.follow(`transcript/${meetingId}`, {
      afterSequence: 0,
      deliver(entries) {
        for (const { sequence } of entries) {
          if (sequence !== last + 1) tell({ kind: "disorder", meetingId, after: last, got: sequence });
          last = sequence;
        }
      },
    });
    meeting([[person, "host"]], { id: meetingId });
    return [meetingId, follow];
  }),
);

/** Like a client: sends the next words only when these are acknowledged, and these again until they are. */
async function write(meetingId: MeetingId, writer: string): Promise<void> {
  for (let count = 0; writing; count += 1) {
    const text = `${writer}-${count}`;
    const chunk = { clientKey: text, text, confidence: 1, startMs: count, endMs: count };
    for (let acknowledged = false; !acknowledged;) {
      try {
        const { firstSequence } = await transcripts.append(person, meetingId, [chunk]);
        tell({ kind: "acknowledged", meetingId, sequence: firstSequence, text });
        acknowledged = true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

const commands: Record<string, (argument: string) => Promise<void> | void> = {
  write(round) {
    writing = true;
    loops = meetingIds.flatMap((meetingId) =>
      Array.from({ length: writersPerMeeting }, (_, index) => write(meetingId, `${name}.${round}.${index}`)),
    );
  },
  async quiet() {
    writing = false;
    await Promise.all(loops);
    const seen: Record<string, number> = {};
    for (const [meetingId, follow] of follows) seen[meetingId] = follow.sequence;
    tell({ kind: "quiet", seen, term: cluster.term() });
  },
  /** Writes to a meeting that nobody has written to, at the same moment as others. */
  async claim(argument) {
    const meetingId = argument as MeetingId;
    meeting([[person, "host"]], { id: meetingId });
    const chunk = { clientKey: name, text: name, confidence: 1, startMs: 0, endMs: 0 };
    const { firstSequence } = await transcripts.append(person, meetingId, [chunk]);
    tell({ kind: "acknowledged", meetingId, sequence: firstSequence, text: name });
    tell({ kind: "claimed", meetingId, owner: await cluster.owner(meetingId), term: cluster.term() });
  },
};

process.once("SIGTERM", () => {
  writing = false;
  void journal
    .stop()
    .then(() => transport.close())
    .then(() => connection.close())
    .then(() => process.exit(0));
});

const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  const [command = "", argument = ""] = line.split(" ");
  void commands[command]?.(argument);
});
tell({ kind: "ready", term: cluster.term() });
await once(input, "close");
