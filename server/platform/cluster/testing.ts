// For tests: a cluster store and a network in memory, and processes on them that can sleep, die and lose messages.
import { FakeClock } from "../clock.ts";
import { countingIds } from "../ids.ts";
import type { Materialiser } from "../journal/index.ts";
import type { Term } from "../journal/journal-store.ts";
import { MemoryDisk, MemoryProcess } from "../journal/testing.ts";
import { turn } from "../journal/testing-world.ts";
import { silentLogger } from "../logger.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import type { ClusterStore, NodeRecord, Owner } from "./cluster-store.ts";
import { createClusterOn, type Cluster } from "./index.ts";
import type { Transport } from "./rpc.ts";

// One source for all: no two processes have the same term.
const ids = countingIds();

export class MemoryClusterStore {
  readonly nodes = new Map<Term, NodeRecord & { closedAt: Date | null }>();
  readonly owners = new Map<string, Owner>();

  /** As one process sees it; nothing of a dead one takes effect or is answered. */
  of(isDead: () => boolean): ClusterStore {
    const run = async <Result>(effect: () => Result): Promise<Result> => {
      await Promise.resolve();
      if (isDead()) return new Promise<Result>(() => undefined);
      const result = effect();
      await Promise.resolve();
      return isDead() ? new Promise<Result>(() => undefined) : result;
    };
    const open = (term: Term) => {
      const node = this.nodes.get(term);
      return node !== undefined && node.closedAt === null ? node : null;
    };
    return {
      enter: (node) => run(() => void this.nodes.set(node.term, { ...node, closedAt: null })),
      beat: (term) =>
        run(() => {
          const node = open(term);
          if (node?.state !== "open") return false;
          node.beats += 1;
          return true;
        }),
      end: (term, changes) =>
        run(() => {
          const node = open(term);
          if (node !== null) Object.assign(node, { state: "ended", ...changes });
        }),
      close: (term, at) =>
        run(() => {
          const node = open(term);
          if (node !== null) node.closedAt = at;
        }),
      unclosed: () =>
        run(() =>
          [...this.nodes.values()]
            .filter(({ closedAt }) => closedAt === null)
            .sort((a, b) => (a.term < b.term ? -1 : 1))
            .map(({ closedAt: _, ...node }) => ({ ...node })),
        ),
      closedBefore: (time) =>
        run(() =>
          [...this.nodes.values()].flatMap(({ term, closedAt }) =>
            closedAt !== null && closedAt < time ? [term] : [],
          ),
        ),
      forget: (term) => run(() => void this.nodes.delete(term)),
      owner: (meetingId) => run(() => this.owners.get(meetingId) ?? null),
      claim: (meetingId, from, term) =>
        run(() => {
          const owner = this.owners.get(meetingId);
          if (owner?.term !== from?.term || owner?.epoch !== from?.epoch) return owner as Owner;
          const next = { term, epoch: (from?.epoch ?? 0) + 1 };
          this.owners.set(meetingId, next);
          return next;
        }),
    };
  }
}

/** Messages arrive in a later turn; some may be lost. */
export class MemoryNetwork {
  readonly #receivers = new Map<Term, (message: Uint8Array) => void>();
  /** Whether this message gets lost; its sender is told that somebody has got it. */
  loses: (to: Term) => boolean = () => false;
  /** Turns of the event loop that this message takes longer than others: later ones overtake it. */
  turnsLate: () => number = () => 0;

  of(isDead: () => boolean): Transport {
    return {
      send: async (to, message) => {
        await Promise.resolve();
        if (isDead()) return new Promise<number>(() => undefined);
        const receive = this.#receivers.get(to);
        if (receive === undefined) return 0;
        if (!this.loses(to)) inTurns(this.turnsLate(), () => receive(Uint8Array.from(message)));
        return 1;
      },
      listen: async (term, receive) => {
        this.#receivers.set(term, (message) => (isDead() ? undefined : receive(message)));
        return async () => void this.#receivers.delete(term);
      },
    };
  }

  unplug(term: Term): void {
    this.#receivers.delete(term);
  }
}

function inTurns(turns: number, run: () => void): void {
  setImmediate(turns <= 0 ? run : () => inTurns(turns - 1, run));
}

export interface TestNode {
  cluster: Cluster;
  process: MemoryProcess;
  metrics: Metrics;
  /** Its timers: a process that sleeps is one whose clock is not moved. */
  clock: FakeClock;
  kill(): void;
}

export interface TestNodeOptions {
  alone?: boolean;
  exclusive?: boolean;
  takesPart?: boolean;
  host?: string;
  /** In place of the one that keeps entries in memory. */
  materialiser?(cluster: Cluster): Materialiser;
}

/** Machines that share a disk and a network. */
export class TestWorld {
  readonly disk = new MemoryDisk();
  readonly store = new MemoryClusterStore();
  readonly network = new MemoryNetwork();
  readonly nodes: TestNode[] = [];
  #pids = 0;

  /** A process that has not started yet. */
  prepare(options: TestNodeOptions = {}): TestNode {
    const process = new MemoryProcess(this.disk);
    const clock = new FakeClock();
    const metrics = createMetrics({ processMetrics: false });
    const pid = (this.#pids += 1);
    let dead = false;
    const isDead = () => dead;
    const cluster = createClusterOn({
      store: this.store.of(isDead),
      journalStore: process.store,
      clock,
      ids,
      logger: silentLogger,
      metrics,
      transport: options.alone === true ? null : this.network.of(isDead),
      exclusive: options.exclusive ?? false,
      takesPart: options.takesPart ?? true,
      host: { name: options.host ?? `host-${pid}`, pid, isGone: (other) => this.#gone.has(other) },
      journalLimits: { windowMs: 0 },
    });
    const materialiser =
      options.materialiser?.(cluster) ?? process.materialiser("notes", { listsKeys: true });
    cluster.journal.register(materialiser);
    const kill = () => {
      dead = true;
      process.kill();
      this.network.unplug(cluster.term());
      this.#gone.add(pid);
    };
    const node = { cluster, process, metrics, clock, kill };
    this.nodes.push(node);
    return node;
  }

  readonly #gone = new Set<number>();

  async start(options: Parameters<TestWorld["prepare"]>[0] = {}): Promise<TestNode> {
    const node = this.prepare(options);
    await this.until(node.cluster.journal.start());
    return node;
  }

  /** Time passes for these processes, or for all. */
  async pass(byMs: number, nodes: TestNode[] = this.nodes): Promise<void> {
    for (let passedMs = 0; passedMs < byMs; passedMs += 100) {
      for (const { clock } of nodes) clock.advance(100);
      await turn();
    }
  }

  /** Time passes until the promise is settled. */
  async until<Value>(promise: Promise<Value>, nodes: TestNode[] = this.nodes): Promise<Value> {
    let settled = false;
    const mark = () => void (settled = true);
    promise.then(mark, mark);
    for (let step = 0; step < 2_000 && !settled; step += 1) {
      await turn();
      if (settled) break;
      for (const { clock } of nodes) clock.advance(20);
    }
    return promise;
  }
}
