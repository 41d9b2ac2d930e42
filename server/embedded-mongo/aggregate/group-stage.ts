// $group: documents gathered by a key, each group with its accumulators.
import { fieldsOf, firstField } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { bsonType } from "../bson/types.ts";
import { int32Value, nullValue, type Value } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { accumulatorMaker, type Accumulator } from "./accumulators.ts";
import { compileExpression } from "./expression.ts";
import type { Expression, Scope } from "./expression-types.ts";
import type { RunningStage } from "./pipeline.ts";

const maxGroupBytes = 100 * 1024 * 1024;

/** One field of a group. */
export interface Output {
  name: string;
  expression: Expression;
  make(): Accumulator;
}

export function groupStage(operand: Value, variables: Scope["variables"], nowMs: number): RunningStage {
  if (operand.type !== bsonType.object)
    throw new StoreError(15947, "a group's fields must be specified in an object");
  let key: Expression | null = null;
  const outputs: Output[] = [];
  for (const { name, value } of fieldsOf(operand)) {
    if (name === "_id") key = compileExpression(value);
    else outputs.push(parseOutput(name, value));
  }
  if (key === null) throw new StoreError(15955, "a group specification must include an _id");
  return new Groups(key, outputs, variables, nowMs);
}

export function parseOutput(name: string, value: Value): Output {
  if (name.includes(".")) throw new StoreError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith("$"))
    throw new StoreError(40236, `The field name '${name}' cannot be an operator name`);
  const fields = value.type === bsonType.object ? fieldsOf(value) : [];
  const [only] = fields;
  if (only === undefined || !only.name.startsWith("$"))
    throw new StoreError(40234, `The field '${name}' must be an accumulator object`);
  if (fields.length > 1) throw new StoreError(40238, `The field '${name}' must specify one accumulator`);
  if (only.name === "$count") {
    if (only.value.type !== bsonType.object || firstField(only.value) !== undefined)
      throw new StoreError(14, "$count takes no arguments, i.e. $count:{}");
    return { name, expression: () => int32Value(1), make: accumulatorMaker("$sum") };
  }
  return { name, expression: compileExpression(only.value), make: accumulatorMaker(only.name) };
}

class Groups implements RunningStage {
  readonly satisfied = false;
  readonly #key: Expression;
  readonly #outputs: readonly Output[];
  readonly #variables: Scope["variables"];
  readonly #nowMs: number;
  readonly #groups = new Map<string, { id: Value; accumulators: Accumulator[] }>();
  #keyBytes = 0;

  constructor(key: Expression, outputs: readonly Output[], variables: Scope["variables"], nowMs: number) {
    this.#key = key;
    this.#outputs = outputs;
    this.#variables = variables;
    this.#nowMs = nowMs;
  }

  take(documents: Value[]): Value[] {
    for (const document of documents) {
      const scope: Scope = { root: document, variables: this.#variables, nowMs: this.#nowMs };
      const id = this.#key(scope);
      const text = id === undefined ? keyText(nullValue) : keyText(id);
      let group = this.#groups.get(text);
      if (group === undefined) {
        group = { id: id?.detach() ?? nullValue, accumulators: this.#outputs.map(({ make }) => make()) };
        this.#groups.set(text, group);
        this.#keyBytes += text.length + 128;
      }
      for (const [at, { expression }] of this.#outputs.entries())
        group.accumulators[at]?.add(expression(scope));
    }
    this.#checkMemory();
    return [];
  }

  end(): Value[] {
    const documents = [...this.#groups.values()].map(({ id, accumulators }) =>
      documentOf([
        ["_id", id],
        ...this.#outputs.map(({ name }, at) => [name, accumulators[at]?.result() ?? nullValue] as const),
      ]),
    );
    this.#groups.clear();
    return documents;
  }

  #checkMemory(): void {
    let bytes = this.#keyBytes;
    for (const { accumulators } of this.#groups.values())
      for (const { heldBytes } of accumulators) bytes += heldBytes;
    if (bytes > maxGroupBytes) throw new StoreError(292, "Exceeded memory limit for $group");
  }
}
