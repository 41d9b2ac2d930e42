// The accumulators of $group; as expressions, $sum and its like work over the items of arrays.
import { compareValues } from "../bson/compare.ts";
import { decimalOfDouble, decimalValue } from "../bson/decimal.ts";
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { arithmetic, toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { doubleValue, int32Value, nullValue, type Value } from "../bson/value.ts";
import { arrayOf, documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { present } from "./operands.ts";

export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
  /** Bytes held, so that a group cannot grow without end. */
  readonly heldBytes: number;
}

class Sum implements Accumulator {
  #total: Value = int32Value(0);
  readonly heldBytes = 32;

  add(value: Value | undefined): void {
    if (value === undefined || !isNumeric(value.type)) return;
    // Whole numbers that leave Long's range go on as doubles.
    this.#total =
      arithmetic("add", this.#total, value) ?? doubleValue(toNumber(this.#total) + toNumber(value));
  }

  result(): Value {
    return this.#total;
  }
}

class Average implements Accumulator {
  readonly #sum = new Sum();
  #count = 0;
  readonly heldBytes = 48;

  add(value: Value | undefined): void {
    if (value === undefined || !isNumeric(value.type)) return;
    this.#sum.add(value);
    this.#count += 1;
  }

  result(): Value {
    if (this.#count === 0) return nullValue;
    const total = this.#sum.result();
    const average = toNumber(total) / this.#count;
    return total.type === bsonType.decimal ? decimalValue(decimalOfDouble(average)) : doubleValue(average);
  }
}

class Extreme implements Accumulator {
  readonly #sign: 1 | -1;
  #best: Value | null = null;
  readonly heldBytes = 64;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: Value | undefined): void {
    const given = present(value);
    if (given === null) return;
    if (this.#best === null || compareValues(given, this.#best) * this.#sign > 0) this.#best = given.detach();
  }

  result(): Value {
    return this.#best ?? nullValue;
  }
}

class Edge implements Accumulator {
  readonly #last: boolean;
  #value: Value | undefined;
  #seen = false;
  readonly heldBytes = 64;

  constructor(last: boolean) {
    this.#last = last;
  }

  add(value: Value | undefined): void {
    if (this.#seen && !this.#last) return;
    this.#seen = true;
    this.#value = value?.detach();
  }

  result(): Value {
    return this.#value ?? nullValue;
  }
}

class Collection implements Accumulator {
  readonly #distinct: Set<string> | null;
  readonly #values: Value[] = [];
  heldBytes = 0;

  constructor(distinct: boolean) {
    this.#distinct = distinct ? new Set() : null;
  }

  add(value: Value | undefined): void {
    if (value === undefined) return;
    if (this.#distinct !== null) {
      const key = keyText(value);
      if (this.#distinct.has(key)) return;
      this.#distinct.add(key);
    }
    this.#values.push(value.detach());
    this.heldBytes += value.end - value.start + 64;
  }

  result(): Value {
    return arrayOf(this.#values);
  }
}

class Merge implements Accumulator {
  readonly #fields = new Map<string, Value>();
  heldBytes = 0;

  add(value: Value | undefined): void {
    const given = present(value);
    if (given === null) return;
    if (given.type !== bsonType.object) throw new StoreError(40400, "$mergeObjects requires object inputs");
    for (const { name, value: field } of fieldsOf(given.detach())) this.#fields.set(name, field);
    this.heldBytes += given.end - given.start;
  }

  result(): Value {
    return documentOf(this.#fields);
  }
}

const makers: ReadonlyMap<string, () => Accumulator> = new Map<string, () => Accumulator>([
  ["$sum", () => new Sum()],
  ["$avg", () => new Average()],
  ["$min", () => new Extreme(-1)],
  ["$max", () => new Extreme(1)],
  ["$first", () => new Edge(false)],
  ["$last", () => new Edge(true)],
  ["$push", () => new Collection(false)],
  ["$addToSet", () => new Collection(true)],
  ["$mergeObjects", () => new Merge()],
]);

/** Throws 15952 for an accumulator that is not supported. */
export function accumulatorMaker(name: string): () => Accumulator {
  const maker = makers.get(name);
  if (maker === undefined) throw new StoreError(15952, `unknown group operator '${name}'`);
  return maker;
}

/** Feeds an accumulator: the items of an array, or a single value. */
export function accumulate(name: string, values: readonly (Value | undefined)[]): Value {
  const accumulator = accumulatorMaker(name)();
  for (const value of values) accumulator.add(value);
  return accumulator.result();
}

export function itemsOrSelf(value: Value | undefined): (Value | undefined)[] {
  return value !== undefined && value.type === bsonType.array ? itemsOf(value) : [value];
}
