// The load generator of the notes benchmark: rooms of people who type, and a large document opened again and again.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { cameTrue, eachAtOnce, paceEvenly, serveLoad, wait } from "../load-process.ts";
import { latencyOf, round, type Latency } from "../statistics.ts";
import { dialects, type Dialect, type ServerKind } from "./dialects.ts";
import { RawNotesClient } from "./raw-client.ts";

export interface PlannedRoom {
  room: string;
  /** One for each of its connections. */
  tokens: string[];
}

export interface NotesPlan {
  kind: ServerKind;
  url: string;
  rooms: PlannedRoom[];
  /** By everybody together. */
  updatesPerSecond: number;
  /** A person; 0 for none. */
  presencePerSecond: number;
  seconds: number;
  warmupSeconds: number;
  /** 0 for none. */
  coldLoadBytes: number;
  coldLoadSamples: number;
  /** A room nobody has used, for the large document. */
  coldRoom: { room: string; token: string };
}

export interface NotesLoadResult {
  sent: number;
  /** Within the measured time. */
  delivered: number;
  propagation: Latency;
  /** Empty where the server acknowledges nothing. */
  durableAfter: Latency;
  undelivered: number;
  doubled: number;
  /** Clients, and readers that came afterwards, whose document is not the room's. */
  different: number;
  /** People that somebody in the room never saw. */
  unseen: number;
  disconnected: number;
  coldLoadMs: Latency | null;
  generatorLagP99Ms: number;
}

const settleWithinMs = 30_000;
const connectAtOnce = 16;
const readersCheckedMax = 100;
const coldPieceChars = 64 * 1024;

serveLoad<NotesPlan, NotesLoadResult>(async (plan, reach) => {
  const dialect = dialects[plan.kind];
  const propagation: number[] = [];
  const durableAfter: number[] = [];
  // By the number of the word; 0 for those that do not count for the latencies.
  const sentAt: number[] = [];
  const author: RawNotesClient[] = [];
  let measuring = false;
  let delivered = 0;
  let doubled = 0;
  const clients: RawNotesClient[] = [];

  const open = (name: string, token: string) =>
    RawNotesClient.open({
      dialect,
      url: plan.url,
      room: name,
      token,
      onWord(number, client) {
        // The others send everybody their own words back.
        if (author[number] === client) return;
        if (client.heard.has(number)) doubled += 1;
        client.heard.add(number);
        if (measuring) delivered += 1;
        const atMs = sentAt[number] ?? 0;
        if (atMs > 0) propagation.push(performance.now() - atMs);
      },
      onDurable(number) {
        const atMs = sentAt[number] ?? 0;
        if (atMs > 0) durableAfter.push(performance.now() - atMs);
      },
    });
  // Reads what is there already: its words tell nothing of propagation.
  const openReader = (name: string, token: string) =>
    RawNotesClient.open({
      dialect,
      url: plan.url,
      room: name,
      token,
      onWord: () => undefined,
      onDurable: () => undefined,
    });

  const seats = plan.rooms.flatMap(({ room: name, tokens }) => tokens.map((token) => ({ name, token })));
  await eachAtOnce(seats.length, connectAtOnce, async (index) => {
    const seat = seats[index];
    if (seat !== undefined) clients[index] = await open(seat.name, seat.token);
  });

  const everyMs = (1000 * clients.length) / plan.updatesPerSecond;
  const type = (client: RawNotesClient) => {
    if (!client.isOpen) return;
    const number = sentAt.length;
    sentAt.push(measuring ? performance.now() : 0);
    author.push(client);
    client.write(number);
  };
  const tasks = clients.map((client) => ({ everyMs, act: () => type(client) }));
  if (plan.presencePerSecond > 0) {
    const presenceMs = 1000 / plan.presencePerSecond;
    tasks.push(...clients.map((client) => ({ everyMs: presenceMs, act: () => client.moveCursor() })));
  }
  const stop = paceEvenly(tasks);
  await wait(plan.warmupSeconds * 1000);
  const lag = monitorEventLoopDelay({ resolution: 10 });
  await reach("measuring");
  lag.enable();
  measuring = true;
  await wait(plan.seconds * 1000);
  measuring = false;
  lag.disable();
  await reach("measured");
  stop();

  const perRoom = new Map(plan.rooms.map(({ room: name }) => [name, 0]));
  for (const { room } of author) perRoom.set(room, (perRoom.get(room) ?? 0) + 1);
  const others = Map.groupBy(clients, (client) => client.room);
  // Everybody hears all of the room's words but their own.
  const missing = () =>
    [...others].reduce((sum, [name, members]) => {
      const heard = members.reduce((total, { heard: words }) => total + words.size, 0);
      return sum + (perRoom.get(name) ?? 0) * (members.length - 1) - heard;
    }, 0);
  const unseen = () =>
    plan.presencePerSecond === 0
      ? 0
      : [...others.values()].reduce(
          (sum, members) =>
            sum + members.reduce((less, { present }) => less + members.length - 1 - present.size, 0),
          0,
        );
  await cameTrue(() => missing() === 0 && unseen() === 0, settleWithinMs);
  const disconnected = clients.filter((client) => !client.isOpen).length;
  const different = await countDifferent(dialect, others, perRoom, (name) =>
    openReader(name, plan.rooms.find((one) => one.room === name)?.tokens[0] ?? ""),
  );
  const result: NotesLoadResult = {
    sent: sentAt.length,
    delivered,
    propagation: latencyOf(propagation),
    durableAfter: latencyOf(durableAfter),
    undelivered: missing(),
    doubled,
    different,
    unseen: unseen(),
    disconnected,
    coldLoadMs: null,
    generatorLagP99Ms: round(lag.percentile(99) / 1e6),
  };
  for (const client of clients) client.terminate();
  if (plan.coldLoadBytes > 0 && dialect.keepsDocuments) result.coldLoadMs = await coldLoad(plan, openReader);
  return result;
});

async function countDifferent(
  dialect: Dialect,
  rooms: Map<string, RawNotesClient[]>,
  words: ReadonlyMap<string, number>,
  open: (room: string) => Promise<RawNotesClient>,
): Promise<number> {
  let different = 0;
  let checked = 0;
  for (const [room, members] of rooms) {
    const contents = members.map((member) => member.content());
    // Somebody who comes afterwards gets the same; where there are many rooms, some stand for all.
    if (dialect.keepsDocuments && (checked += 1) <= readersCheckedMax) {
      const reader = await open(room);
      contents.push(reader.content());
      reader.terminate();
    }
    const [first = ""] = contents;
    const whole = (first.match(/w#\d{7}/g) ?? []).length === words.get(room);
    different += whole ? contents.filter((content) => content !== first).length : contents.length;
  }
  return different;
}

/** Milliseconds from connecting to having the bytes of a large document. */
async function coldLoad(
  plan: NotesPlan,
  open: (room: string, token: string) => Promise<RawNotesClient>,
): Promise<Latency> {
  const { room, token } = plan.coldRoom;
  const writer = await open(room, token);
  for (let written = 0; written < plan.coldLoadBytes; written += coldPieceChars) {
    writer.writeText("lorem ipsum ".repeat(coldPieceChars).slice(0, coldPieceChars), null);
  }
  const expected = writer.content();
  const complete = async () => {
    const reader = await open(room, token);
    const same = reader.content() === expected;
    await reader.close();
    return same;
  };
  while (!(await complete())) await wait(50);
  // Only ours can read it again: the others would forget it with their last connection.
  if (plan.kind === "connvo") await writer.close();
  const samples: number[] = [];
  for (let sample = 0; sample < plan.coldLoadSamples; sample += 1) {
    await wait(100);
    const startMs = performance.now();
    const reader = await open(room, token);
    samples.push(performance.now() - startMs);
    if (reader.content() !== expected) throw new Error("The large document is not what was written.");
    await reader.close();
  }
  writer.terminate();
  return latencyOf(samples);
}
