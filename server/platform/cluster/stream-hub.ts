// Fan-out with repair: whoever follows a stream gets every durable entry once, in order, whichever process owns the meeting.
import type { Clock } from "../clock.ts";
import type {
  JournalEntry,
  Materialiser,
  StreamFollowers,
  StreamFollow,
  StreamId,
} from "../journal/index.ts";
import type { Term } from "../journal/journal-store.ts";
import { kindOf, meetingOf } from "../journal/streams.ts";
import type { Logger } from "../logger.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterMeters } from "./cluster-meters.ts";
import type { Member } from "./member.ts";
import type { Ownership } from "./ownership.ts";
import type { RoutedJournal } from "./routed-journal.ts";
import type { Handler, Rpc, Values } from "./rpc.ts";

export interface StreamHubOptions {
  member: Member;
  ownership: Ownership;
  journal: RoutedJournal;
  /** Null where this process runs alone. */
  rpc: Rpc | null;
  clock: Clock;
  logger: Logger;
  limits: ClusterLimits;
  meters: ClusterMeters;
  materialisers: ReadonlyMap<string, Materialiser>;
}

/** Entries that came while earlier ones are still being asked for. */
const heldMaxEntries = 2_000;

interface Follower extends StreamFollow {
  stream: StreamId;
  sequence: number;
  /** The highest sequence that is known to be durable. */
  head: number;
  deliver(entries: JournalEntry[]): void;
  held: JournalEntry[];
  repairing: boolean;
  closed: boolean;
}

/** A stream's entries in one message between processes. */
interface Pushed {
  stream: StreamId;
  entries: JournalEntry[];
}

export class StreamHub implements StreamFollowers {
  readonly #options: StreamHubOptions;
  readonly #followers = new Map<StreamId, Set<Follower>>();
  /** Other processes that follow streams of meetings owned here, and until when. */
  readonly #remote = new Map<StreamId, Map<Term, number>>();
  /** Streams whose owner was another process when last looked at. */
  readonly #wasForeign = new Set<StreamId>();
  #cancelTick: (() => void) | null = null;
  #stopped = false;

  constructor(options: StreamHubOptions) {
    this.#options = options;
  }

  follow(
    stream: StreamId,
    options: { afterSequence: number; deliver(entries: JournalEntry[]): void },
  ): StreamFollow {
    const { afterSequence, deliver } = options;
    const follower: Follower = {
      stream,
      sequence: afterSequence,
      head: afterSequence,
      deliver,
      held: [],
      repairing: false,
      closed: false,
      close: () => this.#close(follower),
    };
    const set = this.#followers.get(stream);
    if (set === undefined) this.#followers.set(stream, new Set([follower]));
    else set.add(follower);
    // From here on nothing durable passes unseen; what came before is asked for.
    void this.#repair(follower);
    if (this.#options.rpc !== null) {
      if (!this.#options.ownership.isOwn(meetingOf(stream))) void this.#announce([stream]);
      this.#scheduleTick();
    }
    return follower;
  }

  /** One document of this process's own has become durable. */
  landed(entries: readonly JournalEntry[]): void {
    if (this.#followers.size > 0) this.#deliver(entries);
    if (this.#remote.size > 0) this.#push(entries);
  }

  handlers(): Record<"follow" | "push", Handler> {
    return {
      follow: async ({ streams }, from) => {
        const { clock, journal, limits, ownership } = this.#options;
        const untilMs = clock.monotonicMs() + limits.followExpireMs;
        const heads: number[] = [];
        for (const stream of streams as StreamId[]) {
          if (!ownership.isOwn(meetingOf(stream)) && !(await ownership.confirm(meetingOf(stream)))) {
            heads.push(-1);
            continue;
          }
          const terms = this.#remote.get(stream) ?? new Map<Term, number>();
          this.#remote.set(stream, terms.set(from, untilMs));
          heads.push(await journal.lastSequence(stream));
        }
        this.#scheduleTick();
        return { heads };
      },
      push: ({ streams }) => {
        for (const { entries } of streams as Pushed[]) this.#deliver(entries.map(ownBytes));
        return {};
      },
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTick?.();
    this.#followers.clear();
    this.#remote.clear();
  }

  #close(follower: Follower): void {
    follower.closed = true;
    follower.held = [];
    const set = this.#followers.get(follower.stream);
    set?.delete(follower);
    if (set?.size !== 0) return;
    this.#followers.delete(follower.stream);
    this.#wasForeign.delete(follower.stream);
  }

  #deliver(entries: readonly JournalEntry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    if (entries.every(({ stream }) => stream === first.stream)) return this.#deliverOf(first.stream, entries);
    for (const [stream, some] of Map.groupBy(entries, (entry) => entry.stream)) this.#deliverOf(stream, some);
  }

  #deliverOf(stream: StreamId, entries: readonly JournalEntry[]): void {
    const followers = this.#followers.get(stream);
    if (followers === undefined) return;
    for (const follower of followers) this.#take(follower, entries);
  }

  /** Hands on what continues the stream; what lies behind a gap waits until the gap is closed. */
  #take(follower: Follower, entries: readonly JournalEntry[]): void {
    const last = entries.at(-1);
    if (last === undefined || last.sequence <= follower.sequence) return;
    follower.head = Math.max(follower.head, last.sequence);
    if (follower.repairing) {
      if (follower.held.length + entries.length <= heldMaxEntries) follower.held.push(...entries);
      return;
    }
    if (this.#hand(follower, entries) && follower.sequence === follower.head) return;
    follower.held.push(...entries);
    void this.#repair(follower);
  }

  /** Delivers what continues the stream, which is less than was given where there is a gap; false where nothing does. */
  #hand(follower: Follower, entries: readonly JournalEntry[]): boolean {
    const run = runFrom(entries, follower.sequence + 1);
    if (run.length === 0) return false;
    follower.sequence += run.length;
    try {
      follower.deliver(run);
    } catch (error) {
      this.#options.logger.error(
        { stream: follower.stream, error: error as Error },
        "follower of a stream failed",
      );
    }
    return true;
  }

  /** Asks for what is missing until nothing is; where that fails it is tried again. */
  async #repair(follower: Follower): Promise<void> {
    const { clock, limits, logger, meters } = this.#options;
    if (follower.repairing) return;
    follower.repairing = true;
    do {
      try {
        const missing = await this.#read(follower.stream, follower.sequence + 1);
        if (follower.closed) return;
        const found = this.#hand(follower, missing);
        if (follower.sequence < follower.head) meters.repaired(missing.length);
        const continued = this.#hand(follower, inOrder(follower.held.splice(0)));
        if (!found && !continued && follower.sequence < follower.head)
          throw new Error("a durable entry cannot be read");
      } catch (error) {
        if (this.#stopped) return;
        logger.warn(
          { stream: follower.stream, error: error as Error },
          "entries of a stream could not be read, trying again",
        );
        follower.head = Math.max(follower.head, follower.sequence + 1);
        await new Promise<void>((resolve) => clock.schedule(limits.retryMs, resolve));
      }
    } while (!follower.closed && follower.sequence < follower.head);
    follower.repairing = false;
  }

  /** Consecutive entries from `from` on: out of the journal where it reaches back so far, else out of the collection. */
  async #read(stream: StreamId, from: number): Promise<JournalEntry[]> {
    const { journal, limits, materialisers } = this.#options;
    const tail = await journal.tail(stream, from);
    if (tail[0]?.sequence === from) return tail;
    if (tail.length === 0 && (await journal.lastSequence(stream)) < from) return [];
    const materialiser = materialisers.get(kindOf(stream));
    if (materialiser === undefined) throw new Error(`no materialiser is registered for ${stream}`);
    const stored = await materialiser.read(stream, from, limits.readMaxEntries);
    const last = stored.at(-1)?.sequence ?? from - 1;
    const behind = tail.filter(({ sequence }) => sequence > last);
    return behind[0]?.sequence === last + 1 ? [...stored, ...behind] : stored;
  }

  #push(entries: readonly JournalEntry[]): void {
    const messages = new Map<Term, Pushed[]>();
    for (const [stream, some] of Map.groupBy(entries, (entry) => entry.stream)) {
      for (const term of this.#remote.get(stream)?.keys() ?? []) {
        const message = messages.get(term);
        const pushed: Pushed = { stream, entries: some };
        if (message === undefined) messages.set(term, [pushed]);
        else message.push(pushed);
      }
    }
    for (const [term, streams] of messages) this.#options.rpc?.tell(term, "push", { streams });
  }

  #scheduleTick(): void {
    if (this.#cancelTick !== null || this.#stopped) return;
    this.#cancelTick = this.#options.clock.schedule(this.#options.limits.followEveryMs, () => {
      this.#cancelTick = null;
      void this.#announce([...this.#followers.keys()]);
      const nowMs = this.#options.clock.monotonicMs();
      for (const [stream, terms] of this.#remote) {
        for (const [term, untilMs] of terms) if (untilMs < nowMs) terms.delete(term);
        if (terms.size === 0) this.#remote.delete(stream);
      }
      if (this.#followers.size > 0 || this.#remote.size > 0) this.#scheduleTick();
    });
  }

  /** Tells the owners of these streams that they are followed here, and hears how far they have come. */
  async #announce(streams: StreamId[]): Promise<void> {
    const { ownership } = this.#options;
    const byOwner = new Map<Term, StreamId[]>();
    await Promise.all(
      streams.map(async (stream) => {
        const meetingId = meetingOf(stream);
        const owner = ownership.known(meetingId) ?? (await ownership.find(meetingId).catch(() => null));
        if (owner === null) return;
        if (owner !== this.#options.member.term) byOwner.set(owner, [...(byOwner.get(owner) ?? []), stream]);
        // Where a meeting has become one's own, the last of its former owner may have got lost.
        else if (this.#wasForeign.delete(stream)) this.#check(stream);
      }),
    );
    await Promise.all([...byOwner].map(([owner, own]) => this.#announceTo(owner, own)));
  }

  async #announceTo(owner: Term, streams: StreamId[]): Promise<void> {
    const { ownership, rpc } = this.#options;
    for (const stream of streams) this.#wasForeign.add(stream);
    let answer: Values;
    try {
      answer = (await rpc?.call(owner, "follow", { streams })) ?? {};
    } catch {
      for (const stream of streams) ownership.doubt(meetingOf(stream), owner);
      return;
    }
    for (const [index, stream] of streams.entries()) {
      const head = (answer["heads"] as number[])[index] ?? -1;
      if (head < 0) ownership.doubt(meetingOf(stream), owner);
      for (const follower of this.#followers.get(stream) ?? []) {
        if (head <= follower.sequence) continue;
        follower.head = Math.max(follower.head, head);
        void this.#repair(follower);
      }
    }
  }

  #check(stream: StreamId): void {
    for (const follower of this.#followers.get(stream) ?? []) void this.#repair(follower);
  }
}

/** As many of these entries, which rise, as follow one another from this sequence on. */
function runFrom(entries: readonly JournalEntry[], sequence: number): JournalEntry[] {
  const start = entries.findIndex((entry) => entry.sequence === sequence);
  if (start === -1) return [];
  let length = 1;
  while (entries[start + length]?.sequence === sequence + length) length += 1;
  return entries.slice(start, start + length);
}

/** Messages may have overtaken each other, and come twice. */
function inOrder(entries: JournalEntry[]): JournalEntry[] {
  return entries
    .sort((a, b) => a.sequence - b.sequence)
    .filter(({ sequence }, index) => sequence !== entries[index - 1]?.sequence);
}

function ownBytes(entry: JournalEntry): JournalEntry {
  return entry.payload instanceof Uint8Array ? { ...entry, payload: new Uint8Array(entry.payload) } : entry;
}
