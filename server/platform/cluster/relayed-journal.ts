// The journal in a process that takes no part in the cluster, such as a worker of its own: a member does what is asked for.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../clock.ts";
import type {
  AppendedEntry,
  Journal,
  JournalEntry,
  JournalInput,
  Materialiser,
  StreamId,
} from "../journal/index.ts";
import type { Term } from "../journal/journal-store.ts";
import { kindOf } from "../journal/streams.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterStore, NodeRecord } from "./cluster-store.ts";
import { copied, isPassing, notOpen, received, type JournalRelay } from "./routed-journal.ts";
import type { Rpc, Values } from "./rpc.ts";

export interface RelayedJournalOptions {
  store: Pick<ClusterStore, "unclosed">;
  rpc: Rpc;
  /** Answers come to it; nothing is written under it. */
  term: Term;
  clock: Clock;
  limits: ClusterLimits;
}

export class RelayedJournal implements Journal {
  readonly #options: RelayedJournalOptions;
  readonly #materialisers = new Map<string, Materialiser>();
  #phase: "new" | "open" | "stopped" = "new";

  constructor(options: RelayedJournalOptions) {
    this.#options = options;
  }

  register(materialiser: Materialiser): void {
    this.#materialisers.set(materialiser.kind, materialiser);
  }

  async start(): Promise<void> {
    await this.#options.rpc.listen(this.#options.term);
    this.#phase = "open";
  }

  async stop(): Promise<void> {
    this.#phase = "stopped";
    await this.#options.rpc.stop();
  }

  async append(stream: StreamId, inputs: JournalInput[]): Promise<AppendedEntry[]> {
    const values = await this.#relay({
      do: "append",
      stream,
      inputs: inputs.map(({ taken: _, ...input }) => input),
    });
    if (values === null) throw unanswered();
    return (values["appended"] as AppendedEntry[]).map(received);
  }

  async tail(stream: StreamId, fromSequence: number): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (let from: number | null = fromSequence; from !== null;) {
      const page: Values = (await this.#relay({ do: "tail", stream, from })) ?? { entries: [] };
      entries.push(...(page["entries"] as JournalEntry[]).map(copied));
      from = typeof page["next"] === "number" ? page["next"] : null;
    }
    return entries;
  }

  async lastSequence(stream: StreamId): Promise<number> {
    const values = await this.#relay({ do: "lastSequence", stream });
    if (values !== null) return values["last"] as number;
    const materialiser = this.#materialisers.get(kindOf(stream));
    if (materialiser === undefined) throw new Error(`no materialiser is registered for ${stream}`);
    return materialiser.lastSequence(stream);
  }

  async materialise(stream?: StreamId): Promise<void> {
    if (stream === undefined) await this.#tellAll({ do: "materialise", stream: null });
    else await this.#relay({ do: "materialise", stream });
  }

  rollOver(): Promise<void> {
    return this.#tellAll({ do: "rollOver" });
  }

  /** Asks one member after another; null where there is none: then the collections hold everything. */
  #relay(args: { do: JournalRelay } & Values): Promise<Values | null> {
    return this.#untilDone(async (members) => {
      let lost: unknown = null;
      // Those that live first: one that has ended answers nothing.
      for (const { term } of members.toSorted((one, other) => rankOf(one) - rankOf(other))) {
        try {
          return await this.#options.rpc.call(term, "relay", args);
        } catch (error) {
          if (!isPassing(error)) throw error;
          lost = error;
        }
      }
      if (lost !== null) throw lost;
      return null;
    });
  }

  async #tellAll(args: { do: JournalRelay } & Values): Promise<void> {
    const done = new Set<Term>();
    await this.#untilDone(async (members) => {
      for (const { term, state } of members) {
        // One that has ended begins nothing any more: whoever recovers it files what it left.
        if (done.has(term) || state === "ended") continue;
        await this.#options.rpc.call(term, "relay", args);
        done.add(term);
      }
    });
  }

  /** Again and again with those that live then, until time is over. Repeats are harmless, as those of a member are. */
  async #untilDone<Result>(attempt: (members: NodeRecord[]) => Promise<Result>): Promise<Result> {
    const { clock, limits, store } = this.#options;
    const startedMs = clock.monotonicMs();
    for (;;) {
      if (this.#phase !== "open") throw notOpen(this.#phase);
      try {
        return await attempt(await store.unclosed());
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (clock.monotonicMs() - startedMs + limits.retryMs >= limits.giveUpAfterMs) throw unanswered(error);
        await new Promise<void>((resolve) => clock.schedule(limits.retryMs, resolve));
      }
    }
  }
}

function rankOf({ state }: NodeRecord): number {
  return state === "open" ? 0 : 1;
}

function unanswered(cause?: unknown): AppError {
  return new AppError("UNAVAILABLE", "No other process has answered. Please try again in a moment.", {
    cause,
    retryAfterSeconds: 2,
  });
}
