// Writers that load the embedded store until it is killed, each knowing what must be stored of its own afterwards.
import mongoose from "mongoose";
import type { Random } from "../factories/random.ts";

const { MongoServerError } = mongoose.mongo;

export interface Entry {
  _id: string;
  writer: number;
  n: number;
  tags: string[];
  slot?: number;
  text: string;
}

type State = string | number | null;

/** What was acknowledged, and the one statement whose outcome is open. */
export class Ledger {
  readonly settled = new Map<string, State>();
  acknowledged = 0;
  #pending: ReadonlyMap<string, State> | null = null;

  /** Notes what a statement makes of the keys it touches. A refusal by the store means that it changed nothing. */
  async attempt(after: ReadonlyMap<string, State>, run: () => Promise<unknown>): Promise<void> {
    this.#pending = after;
    try {
      await run();
    } catch (error) {
      // The driver wraps a broken connection into a bulk write's error too; a refusal has a code.
      if (!(error instanceof MongoServerError) || typeof error.code !== "number") throw error;
      this.acknowledged += 1;
      this.#pending = null;
      return;
    }
    this.acknowledged += 1;
    this.#settle(after);
  }

  /** Answers what is not as acknowledged: the open statement must be there whole or not at all. */
  compare(stored: ReadonlyMap<string, State>): string[] {
    const plain = differences(this.settled, stored);
    const pending = this.#pending;
    this.#pending = null;
    if (plain.length === 0) return [];
    if (pending === null) return plain;
    this.#settle(pending);
    const changed = differences(this.settled, stored);
    return changed.length === 0
      ? []
      : [`an open statement is there in part: ${[...plain, ...changed].join("; ")}`];
  }

  #settle(after: ReadonlyMap<string, State>): void {
    this.#pending = null;
    for (const [key, state] of after)
      if (state === null) this.settled.delete(key);
      else this.settled.set(key, state);
  }
}

function differences(expected: ReadonlyMap<string, State>, stored: ReadonlyMap<string, State>): string[] {
  const keys = new Set([...expected.keys(), ...stored.keys()]);
  return [...keys]
    .filter((key) => expected.get(key) !== stored.get(key))
    .map((key) => `${key} is ${stored.get(key) ?? "missing"} instead of ${expected.get(key) ?? "missing"}`)
    .slice(0, 5);
}

/** Inserts, changes and removes its own documents in every way there is. */
export class EntryWriter {
  readonly ledger = new Ledger();
  readonly writer: number;
  readonly #random: Random;
  #next = 0;

  constructor(writer: number, random: Random) {
    this.writer = writer;
    this.#random = random;
  }

  async step(entries: mongoose.mongo.Collection<Entry>): Promise<void> {
    const { ledger, writer } = this;
    const random = this.#random;
    const known = [...ledger.settled.keys()];
    const action = known.length < 5 ? 0 : known.length > 150 ? 9 : random.below(10);
    const _id = known.length === 0 ? "" : random.pick(known);
    const n = Number(ledger.settled.get(_id) ?? 0);
    const from = random.below(3000);
    const range = { writer, n: { $gte: from, $lt: from + 400 } };
    const ranged = [...ledger.settled].filter(
      ([, state]) => Number(state) >= from && Number(state) < from + 400,
    );
    switch (action) {
      case 0: {
        const entry = this.#entry();
        return ledger.attempt(new Map([[entry._id, entry.n]]), () => entries.insertOne(entry));
      }
      case 1: {
        const several = Array.from({ length: 1 + random.below(12) }, () => this.#entry({ slots: false }));
        const after = new Map(several.map((entry) => [entry._id, entry.n]));
        return ledger.attempt(after, () => entries.insertMany(several));
      }
      case 2:
        return ledger.attempt(new Map([[_id, n + 7]]), () =>
          entries.updateOne({ _id }, { $inc: { n: 7 }, $push: { tags: `p${n % 9}` } }),
        );
      case 3:
        return ledger.attempt(new Map(ranged.map(([key, state]) => [key, Number(state) + 500])), () =>
          entries.updateMany(range, { $inc: { n: 500 }, $set: { tags: ["moved", `w${writer}`] } }),
        );
      case 4: {
        const { _id: key, ...rest } = this.#entry({ slots: false });
        return ledger.attempt(new Map([[key, rest.n]]), () =>
          entries.updateOne({ _id: key }, { $set: rest }, { upsert: true }),
        );
      }
      case 5:
        return ledger.attempt(new Map([[_id, n + 11]]), () =>
          entries.findOneAndUpdate({ _id }, { $inc: { n: 11 }, $pull: { tags: "moved" } }),
        );
      case 6: {
        const { n: replaced, tags, text } = this.#entry({ slots: false });
        return ledger.attempt(new Map([[_id, replaced]]), () =>
          entries.replaceOne({ _id }, { writer, n: replaced, tags, text }),
        );
      }
      case 7: {
        const chosen = [...new Set([_id, random.pick(known), random.pick(known)])];
        const after = new Map(chosen.map((key) => [key, Number(ledger.settled.get(key)) + 3]));
        return ledger.attempt(after, () =>
          entries.bulkWrite(
            chosen.map((key) => ({ updateOne: { filter: { _id: key }, update: { $inc: { n: 3 } } } })),
          ),
        );
      }
      case 8:
        return ledger.attempt(new Map([[_id, null]]), () => entries.findOneAndDelete({ _id }));
      default:
        return ledger.attempt(new Map(ranged.map(([key]) => [key, null])), () => entries.deleteMany(range));
    }
  }

  #entry({ slots = true } = {}): Entry {
    const random = this.#random;
    this.#next += 1;
    const n = random.below(3000);
    return {
      _id: `${this.writer}-${this.#next}`,
      writer: this.writer,
      n,
      tags: Array.from({ length: random.below(4) }, () => `t${random.below(8)}`),
      // Fewer than there are documents: the unique index refuses many.
      ...(slots && random.chance(0.5) ? { slot: random.below(60) } : {}),
      text: "x".repeat(random.below(3000)),
    };
  }
}

const extraIndexes: readonly { name: string; key: Record<string, 1 | -1>; partial?: object }[] = [
  { name: "extra_n", key: { n: -1, tags: 1 } },
  { name: "extra_text", key: { text: 1 } },
  { name: "extra_partial", key: { n: 1 }, partial: { writer: { $gte: 4 } } },
];

/** Makes and drops indexes under the writers' feet, and a collection of its own. */
export class SchemaWriter {
  readonly ledger = new Ledger();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async step(database: mongoose.mongo.Db): Promise<void> {
    const { ledger } = this;
    const entries = database.collection("entries");
    const passing = database.collection("passing");
    if (this.#random.chance(0.6)) {
      const { name, key, partial } = this.#random.pick(extraIndexes);
      if (ledger.settled.has(name))
        return ledger.attempt(new Map([[name, null]]), () => entries.dropIndex(name));
      const options = { name, ...(partial === undefined ? {} : { partialFilterExpression: partial }) };
      return ledger.attempt(new Map([[name, "there"]]), () => entries.createIndex(key, options));
    }
    if (ledger.settled.has("passing"))
      return ledger.attempt(new Map([["passing", null]]), () => passing.drop());
    await ledger.attempt(new Map([["passing", 40]]), () =>
      passing.insertMany(Array.from({ length: 40 }, (_, n) => ({ n, text: "y".repeat(200) }))),
    );
  }

  /** The names it may have made, and how many documents its collection has. */
  async stored(database: mongoose.mongo.Db): Promise<Map<string, State>> {
    const state = new Map<string, State>();
    for (const { name } of await database.collection("entries").indexes())
      if (name?.startsWith("extra_") === true) state.set(name, "there");
    if ((await database.listCollections({ name: "passing" }).toArray()).length > 0)
      state.set("passing", await database.collection("passing").countDocuments());
    return state;
  }
}
