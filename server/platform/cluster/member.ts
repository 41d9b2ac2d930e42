// One process as a member of the cluster: it writes under a term, shows that it lives, and files what dead members left.
import type { Clock } from "../clock.ts";
import { StartError } from "../config.ts";
import type { IdSource } from "../ids.ts";
import type { JournalEntry, StreamId } from "../journal/index.ts";
import { formerTerm, type JournalStore, type Term } from "../journal/journal-store.ts";
import { recoverTerm, type Recovered, type RecoverOptions } from "../journal/recover.ts";
import { meetingOf } from "../journal/streams.ts";
import { TermJournal, type TermJournalOptions } from "../journal/term-journal.ts";
import { timeBound } from "../journal/time-bound.ts";
import type { Logger } from "../logger.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { ClusterMeters } from "./cluster-meters.ts";
import type { ClusterStore, NodeRecord } from "./cluster-store.ts";
import type { Host } from "./host.ts";
import { Watch } from "./watch.ts";

export interface MemberOptions {
  store: ClusterStore;
  journalStore: JournalStore;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  limits: ClusterLimits;
  meters: ClusterMeters;
  host: Host;
  /** Nobody else can use this store: whatever ran on it before is gone. */
  exclusive: boolean;
  /** No other member may run at the same time, and everything is this one's own. */
  alone: boolean;
  journal: Pick<TermJournalOptions, "limits" | "materialisers" | "meters" | "landed">;
  /** Before anything is written under a new term. */
  opening(term: Term): Promise<void>;
  /** A term has ended, this process's own or another's; may be told more than once. */
  ended(term: Term): void;
}

export class Member {
  /** Resolves with a sentence where this process must not go on. */
  readonly failed: Promise<string>;
  readonly #fail: (sentence: string) => void;
  readonly #options: MemberOptions;
  readonly #watch: Watch;
  #journal: TermJournal | null = null;
  #term: Term;
  #phase: "new" | "open" | "stopped" = "new";
  #others: NodeRecord[] = [];
  #seenAliveMs = Number.NEGATIVE_INFINITY;
  #cancelBeat: () => void = () => undefined;
  #beating: Promise<void> = Promise.resolve();
  #reopening: Promise<void> | null = null;
  readonly #recovering = new Map<Term, Promise<Recovered>>();
  /** Entries of ended terms that are being filed here right now. */
  readonly #filing = new Map<StreamId, JournalEntry[]>();
  /** Of ended terms: meetings with entries that could not be filed, and when it was tried. */
  readonly #left = new Map<Term, { meetings: Set<string>; triedMs: number }>();

  constructor(options: MemberOptions) {
    const failed = Promise.withResolvers<string>();
    this.failed = failed.promise;
    this.#fail = failed.resolve;
    this.#options = options;
    this.#watch = new Watch(options);
    this.#term = options.ids.objectId();
  }

  get term(): Term {
    return this.#term;
  }

  /** Null while nothing can be written: before the start, and between two terms. */
  get journal(): TermJournal | null {
    return this.#journal;
  }

  /** False where this process may have been taken for dead without knowing it yet. */
  get fresh(): boolean {
    const { alone, clock, limits } = this.#options;
    return alone || clock.monotonicMs() - this.#seenAliveMs < limits.expireMs;
  }

  /** Meetings of which entries still have to be filed before anybody writes to them; of single members only. */
  get left(): ReadonlyMap<Term, { meetings: ReadonlySet<string> }> {
    return this.#left;
  }

  /** Entries of a stream that are on their way out of an ended term's journal. */
  filing(stream: StreamId): JournalEntry[] | null {
    return this.#filing.get(stream) ?? null;
  }

  /** Terms of the others that live, as far as is known. */
  livingOthers(): Term[] {
    const nowMs = this.#options.clock.monotonicMs();
    return this.#others.flatMap((node) => (this.#watch.standing(node, nowMs) === "dead" ? [] : [node.term]));
  }

  /** Files what came before and begins a term. Throws StartError where another server is in the way. */
  async start(): Promise<void> {
    await this.#enter();
    this.#scheduleBeat();
    await this.#awaitRoom();
    await this.#recoverOrReport(formerTerm);
    for (const node of this.#deadOnes()) await this.#recoverOrReport(node.term);
    await this.#open();
    // From here on the term may be lost, and a lost one is followed by another.
    this.#phase = "open";
    await this.#sweep();
  }

  /** Shows once more that it lives, as nothing may be said under a term that has ended meanwhile. Rejects where it has. */
  async renew(): Promise<void> {
    if (this.fresh) return;
    this.#cancelBeat();
    await this.#beatOnce();
    if (!this.fresh) throw new Error("the store does not answer");
  }

  /**
   * Whether nothing of a meeting is left in the journal under this term; where the term's writer may be alive, null. Files
   * what a dead one left, at once for all its meetings.
   */
  async isFiled(term: Term, meetingId: string): Promise<boolean | null> {
    if (term !== formerTerm) {
      const node = (await this.#look()).find((one) => one.term === term);
      if (node === undefined) return true;
      if (this.#watch.standing(node, this.#options.clock.monotonicMs()) !== "dead") return null;
    }
    return !(await this.#recover(term)).left.some((stream) => meetingOf(stream) === meetingId);
  }

  /** Another member says that it has come or left: seen now rather than with the next heartbeat. */
  async lookAgain(): Promise<void> {
    if (this.#phase === "open") await this.#look();
  }

  async stop(): Promise<void> {
    if (this.#phase === "stopped") return;
    const wasOpen = this.#phase === "open";
    if (wasOpen) await this.#fileMost();
    this.#phase = "stopped";
    await this.#reopening;
    const journal = this.#journal;
    if (!wasOpen || journal === null) return;
    const complete = await journal.stop();
    this.#cancelBeat();
    await this.#beating;
    const { store, clock, logger } = this.#options;
    try {
      // What could not be filed is filed by others, or at the next start, without waiting for the heartbeats to stop.
      const leaving = complete ? store.close(this.#term, clock.now()) : store.end(this.#term);
      await this.#bound(leaving);
    } catch (error) {
      logger.warn({ error: error as Error }, "the end of this process could not be written down");
    }
    this.#options.ended(this.#term);
  }

  /** While it still serves, so that little is left for the moment in which nobody does. */
  async #fileMost(): Promise<void> {
    const { clock, journal, logger } = this.#options;
    const filing = this.#journal?.materialise() ?? Promise.resolve();
    await timeBound(clock, journal.limits.stopMoveMs, filing).catch((error: unknown) =>
      logger.warn({ error: error as Error }, "the journal could not be filed before the stop"),
    );
  }

  async #enter(): Promise<void> {
    const { store, host, alone, clock } = this.#options;
    const { name, pid } = host;
    const node: NodeRecord = { term: this.#term, host: name, pid, beats: 0, alone, state: "open" };
    await this.#bound(store.enter(node, clock.now()));
  }

  /** Returns when nobody lives beside whom this process cannot run. */
  async #awaitRoom(): Promise<void> {
    const { alone, clock, limits, store } = this.#options;
    for (;;) {
      const others = await this.#look();
      const inTheWay = others.filter((node) => alone || node.alone);
      const standings = inTheWay.map((node) => this.#watch.standing(node, clock.monotonicMs()));
      const living = inTheWay[standings.indexOf("living")];
      if (living !== undefined) {
        await this.#bound(store.close(this.#term, clock.now()));
        throw new StartError(besides(living));
      }
      if (!standings.includes("unknown")) return;
      await new Promise<void>((resolve) => clock.schedule(limits.retryMs, resolve));
    }
  }

  async #open(): Promise<void> {
    const { journalStore: store, clock, logger, journal } = this.#options;
    const term = this.#term;
    await this.#options.opening(term);
    const opened = new TermJournal({
      ...journal,
      store,
      clock,
      logger,
      term,
      fenced: () => this.#lose(term),
    });
    await opened.start();
    this.#seenAliveMs = clock.monotonicMs();
    this.#journal = opened;
  }

  /** Somebody has taken this process for dead. It begins anew, under another term. */
  #lose(term: Term): void {
    if (this.#term !== term || this.#reopening !== null || this.#phase === "stopped") return;
    const { alone, logger, ended, meters } = this.#options;
    const journal = this.#journal;
    this.#journal = null;
    this.#seenAliveMs = Number.NEGATIVE_INFINITY;
    meters.fenced();
    logger.warn({ term }, "this process was taken for dead, and begins anew");
    ended(term);
    journal?.abandon();
    if (alone) {
      this.#fail("Another Connvo server has taken over this MongoDB.");
      return;
    }
    this.#reopening = this.#reopen().finally(() => (this.#reopening = null));
  }

  async #reopen(): Promise<void> {
    const { clock, ids, limits, logger } = this.#options;
    while (this.#phase === "open") {
      try {
        this.#term = ids.objectId();
        await this.#enter();
        await this.#open();
        return;
      } catch (error) {
        logger.warn({ error: error as Error }, "a new term could not be begun, trying again");
        await new Promise<void>((resolve) => clock.schedule(limits.heartbeatMs, resolve));
      }
    }
  }

  #scheduleBeat(): void {
    if (this.#phase === "stopped" || this.#options.exclusive) return;
    this.#cancelBeat();
    this.#cancelBeat = this.#options.clock.schedule(this.#options.limits.heartbeatMs, () => {
      this.#beating = this.#beatOnce();
    });
  }

  async #beatOnce(): Promise<void> {
    const { store, clock, logger, meters } = this.#options;
    const term = this.#term;
    try {
      const startedMs = clock.monotonicMs();
      const open = await this.#bound(store.beat(term, clock.now()));
      if (this.#journal?.term === term) {
        if (open) this.#seenAliveMs = startedMs;
        else this.#lose(term);
      }
      if (this.#phase !== "open") return;
      await this.#look();
      meters.nodes(1 + this.livingOthers().length);
      this.#recoverDeadOnes();
    } catch (error) {
      logger.warn({ error: error as Error }, "heartbeat failed");
    } finally {
      this.#scheduleBeat();
    }
  }

  async #look(): Promise<NodeRecord[]> {
    const { store, clock } = this.#options;
    const all = await this.#bound(store.unclosed());
    const before = this.#others;
    this.#others = all.filter(({ term }) => term !== this.#term);
    this.#watch.look(this.#others, clock.monotonicMs());
    // Whoever ended them has said so in its own process only.
    for (const { term, state } of before) {
      const now = this.#others.find((node) => node.term === term);
      if (state === "open" && now?.state !== "open") this.#options.ended(term);
    }
    return this.#others;
  }

  #deadOnes(): NodeRecord[] {
    const nowMs = this.#options.clock.monotonicMs();
    return this.#others.filter((node) => this.#watch.standing(node, nowMs) === "dead");
  }

  /** One after another in the row of the living waits a little longer: one is enough, but nobody is relied upon. */
  #recoverDeadOnes(): void {
    const { clock, limits } = this.#options;
    const rank = this.livingOthers().filter((term) => term < this.#term).length;
    for (const { term } of this.#deadOnes()) {
      const triedMs = this.#left.get(term)?.triedMs ?? Number.NEGATIVE_INFINITY;
      if (this.#recovering.has(term) || clock.monotonicMs() - triedMs < limits.recoverRetryMs) continue;
      clock.schedule(rank * limits.recoverStaggerMs, () => {
        const still = this.#phase === "open" && this.#others.some((node) => node.term === term);
        if (still) void this.#recoverOrReport(term);
      });
    }
  }

  async #recoverOrReport(term: Term): Promise<void> {
    try {
      await this.#recover(term);
    } catch (error) {
      if (this.#phase === "new") throw error;
      this.#options.logger.error(
        { term, error: error as Error },
        "an ended term could not be read, trying again",
      );
    }
  }

  #recover(term: Term): Promise<Recovered> {
    const running = this.#recovering.get(term) ?? this.#recoverNow(term);
    this.#recovering.set(term, running);
    return running;
  }

  async #recoverNow(term: Term): Promise<Recovered> {
    const { store, clock, meters, ended, logger, journal, journalStore } = this.#options;
    try {
      if (term !== formerTerm) {
        await this.#bound(store.end(term));
        ended(term);
      }
      const options: RecoverOptions = {
        store: journalStore,
        clock,
        logger,
        limits: journal.limits,
        materialisers: journal.materialisers,
        term,
        by: this.#term,
        found: (streams) => streams.forEach((entries, stream) => this.#filing.set(stream, entries)),
        filed: (stream) => void this.#filing.delete(stream),
      };
      const recovered = await recoverTerm(options);
      for (const stream of recovered.left) this.#filing.delete(stream);
      await this.#writeDown(term, recovered);
      if (term !== formerTerm) meters.takenOver();
      return recovered;
    } finally {
      this.#recovering.delete(term);
    }
  }

  async #writeDown(term: Term, { complete, left }: Recovered): Promise<void> {
    const { store, clock } = this.#options;
    if (complete) {
      this.#left.delete(term);
      if (term !== formerTerm) await this.#bound(store.close(term, clock.now()));
      return;
    }
    const meetings = new Set(left.map(meetingOf));
    this.#left.set(term, { meetings, triedMs: clock.monotonicMs() });
    // Members that ran alone wrote no owners down: from now on whoever wants these meetings finds that they are not free.
    const alone = term === formerTerm || this.#others.some((node) => node.term === term && node.alone);
    if (!alone) return;
    for (const meetingId of meetings) {
      const owner = await this.#bound(store.owner(meetingId));
      if (owner?.term !== term) await this.#bound(store.claim(meetingId, owner, term));
    }
    if (term !== formerTerm) await this.#bound(store.end(term, { alone: false }));
  }

  /** Forgets terms that closed long ago, with their fences. */
  async #sweep(): Promise<void> {
    const { store, journalStore, clock, limits, logger } = this.#options;
    try {
      const before = new Date(clock.now().getTime() - limits.closedKeptMs);
      for (const term of await this.#bound(store.closedBefore(before))) {
        await this.#bound(journalStore.forget(term));
        await this.#bound(store.forget(term));
      }
    } catch (error) {
      logger.warn({ error: error as Error }, "old terms could not be forgotten");
    }
  }

  #bound<Value>(promise: Promise<Value>): Promise<Value> {
    return timeBound(this.#options.clock, this.#options.journal.limits.readTimeoutMs, promise);
  }
}

function besides({ host, pid }: NodeRecord): string {
  return `Another Connvo server (process ${pid} on ${host.split("/")[0]}) already runs on this MongoDB: stop it, or set REDIS_URL for both.`;
}
