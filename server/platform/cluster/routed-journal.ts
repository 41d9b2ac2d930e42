// The journal as the modules see it: calls on a meeting go to the process that owns it, which most often is this one.
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { TransientMap } from "../../../shared/transient-map.ts";
import type { Clock } from "../clock.ts";
import type {
  AppendedEntry,
  Journal,
  JournalEntry,
  JournalInput,
  Materialiser,
  StreamId,
} from "../journal/index.ts";
import type { JournalLimits } from "../journal/journal-limits.ts";
import type { Term } from "../journal/journal-store.ts";
import { kindOf, meetingOf } from "../journal/streams.ts";
import type { TermJournal } from "../journal/term-journal.ts";
import { boundMaterialiser } from "../journal/time-bound.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterMeters } from "./cluster-meters.ts";
import type { Member } from "./member.ts";
import type { Ownership } from "./ownership.ts";
import { CallLost, NotOwner, type Handler, type Rpc, type Values } from "./rpc.ts";

export interface RoutedJournalOptions {
  member: Member;
  ownership: Ownership;
  /** Null where this process runs alone. */
  rpc: Rpc | null;
  clock: Clock;
  limits: ClusterLimits;
  journalLimits: JournalLimits;
  meters: ClusterMeters;
  materialisers: Map<string, Materialiser>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

type Method = "append" | "tail" | "lastSequence" | "materialise";

/** What a process that takes no part may have done here. */
export type JournalRelay = Method | "rollOver";

export class RoutedJournal implements Journal {
  readonly #options: RoutedJournalOptions;
  #phase: "new" | "open" | "stopped" = "new";
  /** Calls on a meeting whose owner is being found out; later ones line up behind them. */
  readonly #lines = new Map<string, { last: Promise<unknown>; length: number }>();
  /**
   * The last append of each stream that a journal of this process has taken and not answered yet: where it was told so, what
   * comes later must not become durable elsewhere without it, as when the meeting has got another owner meanwhile.
   */
  readonly #taken = new TransientMap<StreamId, { journal: TermJournal; appended: Promise<unknown> }>();

  constructor(options: RoutedJournalOptions) {
    this.#options = options;
  }

  register(materialiser: Materialiser): void {
    const { materialisers, clock, journalLimits } = this.#options;
    if (this.#phase !== "new") throw new Error("materialisers are registered before the journal starts");
    if (materialisers.has(materialiser.kind))
      throw new Error(`the journal knows two materialisers for ${materialiser.kind}`);
    materialisers.set(materialiser.kind, boundMaterialiser(clock, journalLimits, materialiser));
  }

  async start(): Promise<void> {
    await this.#options.start();
    if (this.#phase === "new") this.#phase = "open";
  }

  async stop(): Promise<void> {
    this.#phase = "stopped";
    await this.#options.stop();
  }

  append(stream: StreamId, inputs: JournalInput[]): Promise<AppendedEntry[]> {
    const own = this.#own(stream);
    const before = this.#taken.get(stream);
    if (before !== undefined && before.journal !== own)
      return this.#appendAfter(before.appended, stream, inputs);
    if (own !== null) return this.#take(own, stream, inputs);
    if (this.#phase !== "open") return Promise.reject(notOpen(this.#phase));
    return this.#route(stream, "append", {
      here: (journal) => this.#take(journal, stream, inputs),
      args: () => ({ stream, inputs: inputs.map(({ taken: _, ...input }) => input) }),
      read: (values) => (values["appended"] as AppendedEntry[]).map(received),
    });
  }

  async #appendAfter(
    before: Promise<unknown>,
    stream: StreamId,
    inputs: JournalInput[],
  ): Promise<AppendedEntry[]> {
    try {
      await before;
    } catch (error) {
      throw new AppError("UNAVAILABLE", "This could not be saved just now. Please try again.", {
        cause: error,
        retryAfterSeconds: 1,
      });
    }
    return this.append(stream, inputs);
  }

  #take(journal: TermJournal, stream: StreamId, inputs: JournalInput[]): Promise<AppendedEntry[]> {
    const appended = journal.append(stream, inputs);
    if (inputs.every(({ taken }) => taken === undefined)) return appended;
    const mine = { journal, appended };
    this.#taken.set(stream, mine);
    const answered = () => {
      if (this.#taken.get(stream) === mine) this.#taken.delete(stream);
    };
    appended.then(answered, answered);
    return appended;
  }

  async tail(stream: StreamId, fromSequence: number): Promise<JournalEntry[]> {
    const own = this.#own(stream);
    if (own !== null) return own.tail(stream, fromSequence);
    const filing = this.#options.member.filing(stream);
    if (filing !== null) return filing.filter(({ sequence }) => sequence >= fromSequence);
    // A process that owns nothing sees what is in the collections.
    if (this.#phase === "new") return [];
    const entries: JournalEntry[] = [];
    for (let from: number | null = fromSequence; from !== null;) {
      const start: number = from;
      const page: { entries: JournalEntry[]; next: number | null } = await this.#route(stream, "tail", {
        here: async (journal) => ({ entries: await journal.tail(stream, start), next: null }),
        args: () => ({ stream, from: start }),
        read: ({ entries: some, next }) => ({
          entries: (some as JournalEntry[]).map(copied),
          next: typeof next === "number" ? next : null,
        }),
      });
      entries.push(...page.entries);
      from = page.next;
    }
    return entries;
  }

  async lastSequence(stream: StreamId): Promise<number> {
    const own = this.#own(stream);
    if (own !== null) return own.lastSequence(stream);
    const filing = this.#options.member.filing(stream)?.at(-1);
    if (filing !== undefined) return filing.sequence;
    if (this.#phase === "new") return this.#materialiserOf(stream).lastSequence(stream);
    return this.#route(stream, "lastSequence", {
      here: (journal) => journal.lastSequence(stream),
      args: () => ({ stream }),
      read: ({ last }) => last as number,
    });
  }

  async materialise(stream?: StreamId): Promise<void> {
    if (stream === undefined) return this.#options.member.journal?.materialise();
    const own = this.#own(stream);
    if (own !== null) return own.materialise(stream);
    if (this.#phase !== "open") return;
    await this.#route(stream, "materialise", {
      here: (journal) => journal.materialise(stream),
      args: () => ({ stream }),
      read: () => undefined,
    });
  }

  async rollOver(): Promise<void> {
    await this.#options.member.journal?.rollOver();
  }

  /** What other processes may ask of this one. */
  handlers(): Record<Method | "relay", Handler> {
    return {
      relay: (args) => this.#relayed(args),
      append: (args) =>
        this.#serve(args, async (journal, stream) => {
          const inputs = (args["inputs"] as JournalInput[]).map(copied);
          return { appended: await journal.append(stream, inputs) };
        }),
      tail: (args) =>
        this.#serve(args, async (journal, stream) =>
          this.#cut(await journal.tail(stream, args["from"] as number)),
        ),
      lastSequence: (args) =>
        this.#serve(args, async (journal, stream) => ({ last: await journal.lastSequence(stream) })),
      materialise: (args) =>
        this.#serve(args, async (journal, stream) => {
          await journal.materialise(stream);
          return {};
        }),
    };
  }

  /** For who takes no part, as if it were called for here: whoever owns the meeting. */
  async #relayed({ do: what, stream: name, inputs, from }: Values): Promise<Values> {
    const stream = name as StreamId;
    // What it answers by itself before its start and as it stops, such as that nothing is to be filed, holds for itself alone.
    if (this.#phase !== "open") throw new NotOwner();
    switch (what as JournalRelay) {
      case "append":
        return { appended: await this.append(stream, (inputs as JournalInput[]).map(copied)) };
      case "tail":
        return this.#cut(await this.tail(stream, from as number));
      case "lastSequence":
        return { last: await this.lastSequence(stream) };
      case "materialise":
        await this.materialise(stream ?? undefined);
        return {};
      case "rollOver":
        await this.rollOver();
        return {};
    }
  }

  /** Without a wait where the meeting is known to be one's own, so that calls keep their order. */
  #serve(args: Values, run: (journal: TermJournal, stream: StreamId) => Promise<Values>): Promise<Values> {
    const { member, ownership } = this.#options;
    const stream = args["stream"] as StreamId;
    const { journal } = member;
    if (journal === null) return Promise.reject(new NotOwner());
    if (ownership.isOwn(meetingOf(stream))) return run(journal, stream);
    return ownership.confirm(meetingOf(stream)).then((own) => {
      if (!own || member.journal !== journal) throw new NotOwner();
      return run(journal, stream);
    });
  }

  /** This process's own journal, where the stream is its own and nobody waits for it to become so. */
  #own(stream: StreamId): TermJournal | null {
    const { member, ownership } = this.#options;
    const meetingId = meetingOf(stream);
    return ownership.isOwn(meetingId) && !this.#lines.has(meetingId) ? member.journal : null;
  }

  /** Finds the owner and asks it, again and again until it has answered or time is over. Repeats are harmless: by key, or by what is appended. */
  async #route<Result>(stream: StreamId, method: Method, call: RoutedCall<Result>): Promise<Result> {
    const { clock, limits } = this.#options;
    const startedMs = clock.monotonicMs();
    for (;;) {
      try {
        // What is asked for goes out in the order of the calls; answers are not waited for in the line.
        const { answer } = await this.#inLine(meetingOf(stream), () => this.#ask(stream, method, call));
        return await answer;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (this.#phase === "stopped") throw notOpen(this.#phase);
        if (clock.monotonicMs() - startedMs + limits.retryMs >= limits.giveUpAfterMs) {
          throw new AppError("UNAVAILABLE", "This could not be saved just now. Please try again.", {
            cause: error,
            retryAfterSeconds: 2,
          });
        }
        const delayMs = error instanceof NotOwner ? limits.retryMs / 10 : limits.retryMs;
        await new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
      }
    }
  }

  async #ask<Result>(
    stream: StreamId,
    method: Method,
    call: RoutedCall<Result>,
  ): Promise<{ answer: Promise<Result> }> {
    const { member, meters, ownership, rpc } = this.#options;
    const meetingId = meetingOf(stream);
    const owner = ownership.known(meetingId) ?? (await this.#find(meetingId));
    const journal = member.journal;
    if (owner === journal?.term) {
      if (!member.fresh) await this.#find(meetingId);
      return { answer: call.here(journal) };
    }
    if (rpc === null) throw new OwnerUnknown();
    meters.forwarded(method);
    return { answer: this.#forward(rpc, owner, meetingId, method, call) };
  }

  async #forward<Result>(
    rpc: Rpc,
    owner: Term,
    meetingId: string,
    method: Method,
    call: RoutedCall<Result>,
  ): Promise<Result> {
    try {
      return call.read(await rpc.call(owner, method, call.args()));
    } catch (error) {
      if (isPassing(error)) this.#options.ownership.doubt(meetingId, owner);
      throw error;
    }
  }

  async #find(meetingId: string): Promise<Term> {
    try {
      return await this.#options.ownership.find(meetingId);
    } catch (error) {
      throw new OwnerUnknown({ cause: error });
    }
  }

  async #inLine<Result>(meetingId: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(meetingId) ?? { last: Promise.resolve(), length: 0 };
    this.#lines.set(meetingId, line);
    line.length += 1;
    const turn = line.length === 1 ? work() : line.last.then(work, work);
    line.last = turn;
    try {
      return await turn;
    } finally {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(meetingId);
    }
  }

  /** As much of the entries as one answer carries. */
  #cut(entries: JournalEntry[]): Values {
    const { limits } = this.#options;
    let bytes = 0;
    for (const [index, { payload }] of entries.entries()) {
      bytes += payload instanceof Uint8Array ? payload.byteLength : 1_000;
      if (index > 0 && (index >= limits.readMaxEntries || bytes > limits.readMaxBytes))
        return { entries: entries.slice(0, index), next: entries[index]?.sequence };
    }
    return { entries };
  }

  #materialiserOf(stream: StreamId): Materialiser {
    const materialiser = this.#options.materialisers.get(kindOf(stream));
    if (materialiser === undefined)
      throw new Error(`no materialiser is registered for streams of kind ${kindOf(stream)}`);
    return materialiser;
  }
}

interface RoutedCall<Result> {
  here(journal: TermJournal): Promise<Result>;
  args(): Values;
  read(values: Values): Result;
}

class OwnerUnknown extends Error {
  constructor(options?: ErrorOptions) {
    super("the meeting's owner is not known at this moment", options);
    this.name = "OwnerUnknown";
  }
}

/** Worth another try within the same call. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "SHUTTING_DOWN";
  return error instanceof NotOwner || error instanceof CallLost || error instanceof OwnerUnknown;
}

export function notOpen(phase: "new" | "open" | "stopped"): AppError {
  return phase === "new"
    ? new AppError("UNAVAILABLE", "The server is still starting. Please try again in a moment.")
    : new AppError("SHUTTING_DOWN", "The server is shutting down. Please try again in a moment.");
}

export function received({ entry, repeated }: AppendedEntry): AppendedEntry {
  return { entry: copied(entry), repeated };
}

/** Bytes out of a message are views into it: a copy of their own does not keep the rest alive. */
export function copied<Item extends { payload: unknown; authorId: UserId | null }>(item: Item): Item {
  return item.payload instanceof Uint8Array ? { ...item, payload: new Uint8Array(item.payload) } : item;
}
