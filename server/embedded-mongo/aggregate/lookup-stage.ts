// $lookup with localField and foreignField: an index of the other collection is used where it has one.
import { fieldsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { closeNode, openObject } from "../bson/tree.ts";
import { bsonType } from "../bson/types.ts";
import { nullValue, readString, type Value } from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { pathOf, visitPath } from "../query/path.ts";
import { pageStage, type RunningStage } from "./pipeline.ts";
import type { Pace } from "../commands/pace.ts";

/** Finds documents of another collection of the same database. */
export type FindIn = (collection: string, filter: Filter, pace: Pace) => Promise<Value[]>;

export function lookupStage(operand: Value, findIn: FindIn): RunningStage {
  if (operand.type !== bsonType.object)
    throw new StoreError(9, "the $lookup specification must be an object");
  const texts = new Map<string, string>();
  for (const { name, value } of fieldsOf(operand)) {
    if (!["from", "localField", "foreignField", "as"].includes(name))
      throw new StoreError(9, `$lookup's '${name}' is not supported by this server`);
    if (value.type !== bsonType.string)
      throw new StoreError(9, `$lookup argument '${name}' must be a string`);
    texts.set(name, readString(value));
  }
  const [from, localField, foreignField, as] = ["from", "localField", "foreignField", "as"].map((name) =>
    texts.get(name),
  );
  if (from === undefined || localField === undefined || foreignField === undefined || as === undefined)
    throw new StoreError(9, "$lookup requires 'from', 'as', 'localField' and 'foreignField'");
  if (as.includes(".") || as.startsWith("$"))
    throw new StoreError(9, "$lookup's 'as' must be one plain field name");
  const local = pathOf(localField);
  return pageStage(async (documents, pace) => {
    const joined: Value[] = [];
    for (const document of documents) {
      const values: Value[] = [];
      visitPath(document, local, true, (value, _position, isWholeArray) => {
        if (!isWholeArray) values.push(value === undefined ? nullValue : value);
        return false;
      });
      if (values.length === 0) values.push(nullValue);
      const found = await findIn(from, equalityFilter(foreignField, values), pace);
      const root = openObject(document);
      root.fields.delete(as);
      root.fields.set(as, arrayOf(found));
      joined.push(closeNode(root));
      const pause = pace.breathe();
      if (pause !== undefined) await pause;
    }
    return joined;
  });
}

function equalityFilter(foreignField: string, values: readonly Value[]): Filter {
  const keys = new Set(values.map(keyText));
  const distinct = [...new Map(values.map((value) => [keyText(value), value])).values()];
  return {
    kind: "in",
    path: pathOf(foreignField),
    values: distinct,
    keys,
    regexes: [],
    withNull: distinct.some(({ type }) => type === bsonType.null),
  };
}
