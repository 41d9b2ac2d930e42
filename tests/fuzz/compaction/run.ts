// Seeded histories of filing notes: writers, stale processes and crashes at every step; nothing leaves the log uncontained.
import * as Y from "yjs";
import { turn } from "../../../server/platform/journal/testing-world.ts";
import { TestWorld } from "../../../server/platform/cluster/testing.ts";
import { newRandom, type Random } from "../../factories/random.ts";
import { NotesDisk } from "./collections.ts";
import { NotesProcess, type Troubles } from "./process.ts";

const documents = ["1", "2"].map((one) => `notes/${one.repeat(24)}/${"a".repeat(24)}`);
const steps = 80;

export interface CompactionTally {
  acknowledged: number;
  refused: number;
  snapshots: number;
  crashes: number;
  crashesWithinSnapshot: number;
  stale: number;
  failedSteps: number;
  heldSteps: number;
  filed: number;
}

export const emptyCompactionTally = (): CompactionTally => ({
  acknowledged: 0,
  refused: 0,
  snapshots: 0,
  crashes: 0,
  crashesWithinSnapshot: 0,
  stale: 0,
  failedSteps: 0,
  heldSteps: 0,
  filed: 0,
});

/** Throws where an entry is neither in the journal nor in the log, or a snapshot is not what its sequence says. */
export async function runCompactionHistory(seed: number, tally: CompactionTally): Promise<void> {
  const history = new History(seed, tally);
  await history.start();
  for (let step = 0; step < steps; step += 1) await history.step();
  await history.settle();
}

class History {
  readonly #seed: number;
  readonly #random: Random;
  readonly #tally: CompactionTally;
  readonly #world = new TestWorld();
  readonly #disk = new NotesDisk();
  readonly #troubles: Troubles = { fails: 0, waits: 0 };
  #processes: NotesProcess[] = [];
  /** Taken for dead, with steps that may still land. */
  readonly #asleep: NotesProcess[] = [];
  /** By document and sequence. */
  readonly #promised = new Map<string, Map<number, string>>(documents.map((id) => [id, new Map()]));
  readonly #checkedSnapshots = new Set<string>();
  #names = 0;

  constructor(seed: number, tally: CompactionTally) {
    this.#seed = seed;
    this.#random = newRandom(seed);
    this.#tally = tally;
  }

  async start(): Promise<void> {
    for (let count = 0; count < 2; count += 1) await this.#startProcess();
  }

  async step(): Promise<void> {
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.5) this.#append();
    else if (dice < 0.56) {
      this.#troubles.fails = random.chance(0.5) ? 0 : random.next() * 0.4;
      this.#troubles.waits = random.chance(0.5) ? 0 : random.next() * 0.4;
    } else if (dice < 0.66) for (const process of [...this.#processes, ...this.#asleep]) process.release();
    else if (dice < 0.7) await this.#crash();
    else if (dice < 0.73) await this.#sleep();
    else if (dice < 0.85)
      void random
        .pick(this.#processes)
        .node.cluster.journal.materialise()
        .catch(() => undefined);
    else await this.#pass(random.chance(0.5) ? 100 : random.below(6_000));
    await turn();
    this.#check();
  }

  async settle(): Promise<void> {
    [this.#troubles.fails, this.#troubles.waits] = [0, 0];
    for (let count = 0; count < 100; count += 1) {
      for (const process of [...this.#processes, ...this.#asleep]) process.release();
      await this.#pass(500, [...this.#processes, ...this.#asleep]);
      this.#check();
    }
    for (const process of [...this.#processes, ...this.#asleep]) process.kill();
    this.#processes = [];
    const last = await this.#startProcess();
    for (const documentId of documents) {
      const { state, updates } = await this.#within(last.log.all(documentId));
      const there = namesIn([...(state === null ? [] : [state]), ...updates.map(({ update }) => update)]);
      for (const [sequence, name] of this.#promised.get(documentId) ?? [])
        if (!there.has(name)) throw this.#failure(`${documentId} has lost ${sequence} for its readers`);
    }
    this.#tally.filed += [...this.#disk.pages.values()].flat(2).length;
  }

  #append(): void {
    const documentId = this.#random.pick(documents);
    const name = `edit ${(this.#names += 1)}`;
    const doc = new Y.Doc();
    doc.clientID = this.#names;
    doc.getArray<string>("edits").push([name, "x".repeat(this.#random.below(300))]);
    const payload = Y.encodeStateAsUpdate(doc);
    const key = this.#random.chance(0.3) ? name : null;
    this.#random
      .pick(this.#processes)
      .node.cluster.journal.append(documentId, [{ key, authorId: null, payload }])
      .then(
        ([appended]) => {
          if (appended === undefined) return;
          this.#promised.get(documentId)?.set(appended.entry.sequence, name);
          this.#tally.acknowledged += 1;
        },
        () => void (this.#tally.refused += 1),
      );
  }

  async #crash(): Promise<void> {
    const victim = this.#random.pick(this.#processes);
    const pointed = new Set([...this.#disk.heads.values()].map(({ id }) => id));
    const unfinished = this.#disk.chunks.some(
      ({ snapshotId }) => !this.#checkedSnapshots.has(snapshotId) && !pointed.has(snapshotId),
    );
    if (unfinished) this.#tally.crashesWithinSnapshot += 1;
    victim.kill();
    this.#processes = this.#processes.filter((one) => one !== victim);
    this.#tally.crashes += 1;
    await this.#startProcess();
  }

  /** Its clock stands still while its steps may go on: the others take it for dead. */
  async #sleep(): Promise<void> {
    const sleeper = this.#random.pick(this.#processes);
    this.#processes = this.#processes.filter((one) => one !== sleeper);
    this.#asleep.push(sleeper);
    this.#tally.stale += 1;
    await this.#startProcess();
    await this.#pass(7_000);
  }

  async #startProcess(): Promise<NotesProcess> {
    const { fails, waits } = this.#troubles;
    [this.#troubles.fails, this.#troubles.waits] = [0, 0];
    const process = new NotesProcess({
      world: this.#world,
      disk: this.#disk,
      random: this.#random,
      troubles: this.#troubles,
      onStep: (_name, what) => {
        if (what === "failed") this.#tally.failedSteps += 1;
        else this.#tally.heldSteps += 1;
      },
    });
    await this.#within(process.node.cluster.journal.start(), [...this.#processes, process]);
    Object.assign(this.#troubles, { fails, waits });
    this.#processes.push(process);
    return process;
  }

  async #pass(byMs: number, processes = this.#processes): Promise<void> {
    for (let passedMs = 0; passedMs < byMs; passedMs += 200) {
      for (const { node } of processes) node.clock.advance(Math.min(200, byMs - passedMs));
      await turn();
      this.#check();
    }
  }

  async #within<Value>(promise: Promise<Value>, processes = this.#processes): Promise<Value> {
    let settled = false;
    const mark = () => void (settled = true);
    promise.then(mark, mark);
    for (let count = 0; !settled; count += 1) {
      if (count > 5_000) throw this.#failure("a call is never answered");
      await turn();
      for (const process of processes) {
        process.release();
        process.node.clock.advance(50);
      }
    }
    return promise;
  }

  /** What was promised is in the journal or in the log; the log has no gap; a snapshot holds what its sequence says. */
  #check(): void {
    const inJournal = new Set<string>();
    for (const { entries } of this.#world.disk.documents.values())
      for (const { stream, sequence } of entries) inJournal.add(`${stream} ${sequence}`);
    for (const documentId of documents) {
      const stored = this.#disk.updates(documentId);
      if (stored.some(({ sequence }, index) => sequence !== index + 1))
        throw this.#failure(`the log of ${documentId} has a gap or a double`);
      for (const sequence of this.#promised.get(documentId)?.keys() ?? []) {
        if (sequence > stored.length && !inJournal.has(`${documentId} ${sequence}`))
          throw this.#failure(`${documentId} has lost ${sequence}`);
      }
      this.#checkSnapshot(documentId);
    }
  }

  #checkSnapshot(documentId: string): void {
    const snapshot = this.#disk.heads.get(documentId);
    if (snapshot === undefined) return;
    const state = this.#disk.read(snapshot);
    if (state === null) throw this.#failure(`the snapshot of ${documentId} lacks chunks`);
    if (this.#checkedSnapshots.has(snapshot.id)) return;
    this.#checkedSnapshots.add(snapshot.id);
    this.#tally.snapshots += 1;
    const stored = this.#disk.updates(documentId).filter(({ sequence }) => sequence <= snapshot.sequence);
    const inJournal = [...this.#world.disk.documents.values()]
      .flatMap(({ entries }) => entries)
      .filter(
        ({ stream, sequence }) =>
          stream === documentId && sequence > stored.length && sequence <= snapshot.sequence,
      );
    const expected = namesIn([
      ...stored.map(({ update }) => update),
      ...inJournal.map(({ payload }) => payload as Uint8Array),
    ]);
    const actual = namesIn([state]);
    const same = expected.size === actual.size && [...expected].every((name) => actual.has(name));
    if (!same) throw this.#failure(`the snapshot of ${documentId} is not what leads to ${snapshot.sequence}`);
  }

  #failure(what: string): Error {
    return new Error(`seed ${this.#seed}: ${what}`);
  }
}

function namesIn(updates: Uint8Array[]): Set<string> {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return new Set(
    doc
      .getArray<string>("edits")
      .toArray()
      .filter((text) => text.startsWith("edit ")),
  );
}
