// Seeded histories of notes: edits, disconnects, flushes that fail, messages lost and overtaken, processes killed; all converge.
import * as Y from "yjs";
import type { Fate } from "../../../server/platform/journal/testing.ts";
import { turn } from "../../../server/platform/journal/testing-world.ts";
import { TestWorld } from "../../../server/platform/cluster/testing.ts";
import { newRandom, type Random } from "../../factories/random.ts";
import { FuzzClient } from "./client.ts";
import { FuzzNode } from "./node.ts";

export const documentId = "notes/fuzz/shared";
const nodesAtOnce = 2;
const steps = 120;
const settleTurnsMax = 3_000;
const writeGivenUpMs = 20_000;

/** What happened, so that a run is known not to have been empty. */
export interface NotesTally {
  edits: number;
  acknowledged: number;
  disconnects: number;
  restarts: number;
  lostClients: number;
  failedFlushes: number;
  lostMessages: number;
  overtaken: number;
}

export const emptyTally = (): NotesTally => ({
  edits: 0,
  acknowledged: 0,
  disconnects: 0,
  restarts: 0,
  lostClients: 0,
  failedFlushes: 0,
  lostMessages: 0,
  overtaken: 0,
});

/** Throws where something that was acknowledged is missing at the end, or not everybody has the same document. */
export async function runNotesHistory(seed: number, tally: NotesTally): Promise<void> {
  const history = new History(seed, tally);
  await history.start();
  for (let step = 0; step < steps; step += 1) await history.step();
  await history.settle();
}

class History {
  readonly #random: Random;
  readonly #tally: NotesTally;
  readonly #seed: number;
  readonly #world = new TestWorld();
  #nodes: FuzzNode[] = [];
  readonly #clients: FuzzClient[] = [];
  /** Acknowledged edits of clients that are gone, with all they had. */
  readonly #left = new Set<string>();
  #faultiness = 0;
  #lossiness = 0;
  #lateness = 0;
  #names = 0;

  constructor(seed: number, tally: NotesTally) {
    this.#seed = seed;
    this.#random = newRandom(seed);
    this.#tally = tally;
    const { disk, network } = this.#world;
    const fates: Fate[] = ["fails before", "fails after", "never answers"];
    disk.fate = (operation) => {
      // What one commit holds is more than one person's: where it fails, some of what was sent is durable and some is not.
      if (!this.#random.chance(this.#faultiness)) return "works";
      if (operation === "insert") tally.failedFlushes += 1;
      const fate = this.#random.pick(fates);
      return operation === "settle" && fate !== "fails before" ? "fails before" : fate;
    };
    network.loses = () => {
      const loses = this.#random.chance(this.#lossiness);
      if (loses) tally.lostMessages += 1;
      return loses;
    };
    network.turnsLate = () => {
      const turns = this.#random.chance(this.#lateness) ? 1 + this.#random.below(4) : 0;
      if (turns > 0) tally.overtaken += 1;
      return turns;
    };
  }

  async start(): Promise<void> {
    for (let count = 0; count < nodesAtOnce; count += 1) await this.#startNode();
    const clients = 2 + this.#random.below(4);
    for (let count = 0; count < clients; count += 1) this.#newClient();
  }

  async step(): Promise<void> {
    const random = this.#random;
    const dice = random.next();
    const client = random.pick(this.#clients);
    if (dice < 0.45) this.#edit(client);
    else if (dice < 0.53) this.#disconnect(client);
    else if (dice < 0.68) this.#connect(client);
    else if (dice < 0.71) this.#faultiness = random.chance(0.5) ? 0 : random.next() * 0.7;
    else if (dice < 0.74) [this.#lossiness, this.#lateness] = [random.next() * 0.3, random.next() * 0.5];
    else if (dice < 0.76) await this.#restart();
    else if (dice < 0.775) this.#lose(client);
    else await this.#pass(random.chance(0.7) ? 20 : random.below(3_000));
    this.#arrive();
    await turn();
  }

  /** The network and the disk are well again: soon everybody has the same, with all that anybody was told. */
  async settle(): Promise<void> {
    [this.#faultiness, this.#lossiness, this.#lateness] = [0, 0, 0];
    await this.#converge();
    // What everybody sees need not be durable yet: a write without an answer is given up on after a while, and what it
    // held is offered again.
    await this.#pass(writeGivenUpMs);
    await this.#converge();
    await this.#pass(1_000);
    const [first] = this.#clients;
    if (first === undefined) throw this.#failure("has nobody left");
    const there = new Set(first.edits);
    if (there.size !== first.edits.length) throw this.#failure("an edit is there twice");
    for (const acknowledged of [...this.#clients.map((client) => client.acknowledged), this.#left]) {
      for (const edit of acknowledged) if (!there.has(edit)) throw this.#failure(`has lost ${edit}`);
      this.#tally.acknowledged += acknowledged.size;
    }
    await this.#assertStored(first);
  }

  async #converge(): Promise<void> {
    for (let turns = 0; !this.#isSettled(); turns += 1) {
      if (turns > settleTurnsMax) throw this.#failure("does not converge");
      for (const client of this.#clients) if (client.socket === null) this.#connect(client);
      for (const { socket } of this.#clients) {
        socket?.arriveAtServer(100);
        socket?.arriveAtClient(100);
      }
      await this.#pass(50);
    }
  }

  /** A later process finds what everybody sees. */
  async #assertStored(seen: FuzzClient): Promise<void> {
    for (const node of this.#nodes) node.kill();
    this.#nodes = [];
    await this.#startNode();
    const late = new FuzzClient("late", 900_000);
    this.#clients.splice(0, this.#clients.length, late);
    this.#connect(late);
    for (let turns = 0; !late.synced; turns += 1) {
      if (turns > settleTurnsMax) throw this.#failure("is not shown to who comes later");
      late.socket?.arriveAtServer(100);
      late.socket?.arriveAtClient(100);
      await this.#pass(50);
    }
    if (stateOf(late) !== stateOf(seen)) throw this.#failure("is stored otherwise than seen");
    late.close();
    await this.#pass(50);
    const open = this.#nodes.reduce((sum, { openRooms }) => sum + openRooms, 0);
    if (open > 0) throw this.#failure("leaves a room open without anybody in it");
  }

  #isSettled(): boolean {
    const [first] = this.#clients;
    return (
      first !== undefined &&
      this.#clients.every(
        (client) => client.synced && client.socket?.waiting === 0 && stateOf(client) === stateOf(first),
      )
    );
  }

  #edit(client: FuzzClient): void {
    client.edit(this.#random);
    this.#tally.edits += 1;
  }

  #disconnect(client: FuzzClient): void {
    if (client.socket === null) return;
    client.close();
    this.#tally.disconnects += 1;
  }

  #connect(client: FuzzClient): void {
    if (client.socket !== null) return;
    void this.#random.pick(this.#nodes).accept(client.open(), documentId);
  }

  #newClient(): void {
    this.#names += 1;
    const client = new FuzzClient(`client${this.#names}`, this.#names);
    this.#clients.push(client);
    this.#connect(client);
  }

  /** Somebody's device is gone with everything on it; somebody else comes. */
  #lose(client: FuzzClient): void {
    client.close();
    for (const edit of client.acknowledged) this.#left.add(edit);
    this.#clients.splice(this.#clients.indexOf(client), 1);
    this.#tally.lostClients += 1;
    this.#newClient();
  }

  async #restart(): Promise<void> {
    const victim = this.#random.pick(this.#nodes);
    victim.kill();
    this.#nodes = this.#nodes.filter((node) => node !== victim);
    this.#tally.restarts += 1;
    this.#faultiness = 0;
    await this.#startNode();
  }

  async #startNode(): Promise<void> {
    const node = this.#world.prepare();
    const started = node.cluster.journal.start();
    let done = false;
    const mark = () => void (done = true);
    started.then(mark, mark);
    // The others live on meanwhile.
    while (!done) {
      await turn();
      for (const { clock } of [node, ...this.#nodes.map((one) => one.node)]) clock.advance(20);
    }
    await started;
    this.#nodes.push(new FuzzNode(this.#world, node, `node${this.#world.nodes.length}`));
  }

  /** On every line some frames arrive, on each as many as chance wants: lines overtake each other. */
  #arrive(): void {
    for (const { socket } of this.#clients) {
      if (this.#random.chance(0.6)) socket?.arriveAtServer(1 + this.#random.below(4));
      if (this.#random.chance(0.6)) socket?.arriveAtClient(1 + this.#random.below(4));
    }
  }

  async #pass(byMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < byMs; passedMs += 100) {
      for (const { node } of this.#nodes) node.clock.advance(Math.min(100, byMs - passedMs));
      await turn();
    }
  }

  #failure(what: string): Error {
    return new Error(`seed ${this.#seed}: the document ${what}`);
  }
}

function stateOf({ doc, text, edits }: FuzzClient): string {
  return JSON.stringify([
    text,
    edits,
    [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b),
  ]);
}
