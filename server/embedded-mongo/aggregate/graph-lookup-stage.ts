// $graphLookup: follows references from document to document, breadth first.
import { fieldsOf, getField } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { toInteger } from "../bson/numeric.ts";
import { closeNode, openObject } from "../bson/tree.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { longValue, type Value } from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import type { Pace } from "../commands/pace.ts";
import { StoreError } from "../errors.ts";
import { matchesEverything, type Filter } from "../query/filter.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { pathOf, type Path } from "../query/path.ts";
import { itemsOrSelf } from "./accumulators.ts";
import { compileExpression } from "./expression.ts";
import type { Expression } from "./expression-types.ts";
import { equalityFilter, valuesAt } from "./lookup-stage.ts";
import { pageStage, type RunningStage } from "./pipeline.ts";
import type { StageScope } from "./stage-scope.ts";
import { readString } from "../bson/value.ts";

const maxBytes = 100 * 1024 * 1024;

interface GraphLookup {
  from: string;
  startWith: Expression;
  connectFrom: Path;
  connectTo: Path;
  as: string;
  /** Steps after the first; Infinity: until nothing new is found. */
  maxDepth: number;
  depthField: string | null;
  restriction: Filter;
}

export function graphLookupStage(operand: Value, scope: StageScope): RunningStage {
  const graph = parseGraphLookup(operand);
  return pageStage(async (documents, pace) => {
    const joined: Value[] = [];
    for (const document of documents) {
      const found = await reachable(graph, document, scope, pace);
      const root = openObject(document);
      root.fields.delete(graph.as);
      root.fields.set(graph.as, arrayOf(found));
      joined.push(closeNode(root));
    }
    return joined;
  });
}

async function reachable(
  graph: GraphLookup,
  document: Value,
  scope: StageScope,
  pace: Pace,
): Promise<Value[]> {
  const { from, connectFrom, connectTo, maxDepth, depthField, restriction } = graph;
  const { variables, nowMs } = scope;
  const start = graph.startWith({ root: document, variables, nowMs });
  let frontier = itemsOrSelf(start).filter((value) => value !== undefined);
  const asked = new Set<string>();
  const found = new Map<string, Value>();
  let bytes = 0;
  const tooLarge = () => new StoreError(40099, "$graphLookup reached maximum memory consumption");
  for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth += 1) {
    for (const value of frontier) asked.add(keyText(value));
    const filter: Filter = { kind: "and", children: [equalityFilter(connectTo, frontier), restriction] };
    const page = await scope.runPipeline(
      { from, pipeline: [], filter, variables, maxBytes: maxBytes - bytes, tooLarge },
      pace,
    );
    const next = new Map<string, Value>();
    for (const member of page) {
      const id = getField(member, "_id");
      const key = id === undefined ? "" : keyText(id);
      if (found.has(key)) continue;
      bytes += member.end - member.start;
      found.set(key, depthField === null ? member : withDepth(member, depthField, depth));
      for (const value of valuesAt(member, connectFrom)) {
        const text = keyText(value);
        if (!asked.has(text)) next.set(text, value);
      }
    }
    frontier = [...next.values()];
  }
  return [...found.values()];
}

function withDepth(member: Value, field: string, depth: number): Value {
  const root = openObject(member);
  root.fields.set(field, longValue(BigInt(depth)));
  return closeNode(root);
}

function parseGraphLookup(operand: Value): GraphLookup {
  if (operand.type !== bsonType.object)
    throw new StoreError(40327, "the $graphLookup stage specification must be an object");
  const given = new Map(fieldsOf(operand).map(({ name, value }) => [name, value]));
  const known = ["from", "startWith", "connectFromField", "connectToField", "as"];
  for (const name of given.keys())
    if (![...known, "maxDepth", "depthField", "restrictSearchWithMatch"].includes(name))
      throw new StoreError(40104, `Unknown argument to $graphLookup: ${name}`);
  const startWith = given.get("startWith");
  const [from, connectFrom, connectTo, as] = ["from", "connectFromField", "connectToField", "as"].map(
    (name) => fieldName(given.get(name), name),
  );
  if (
    startWith === undefined ||
    from === undefined ||
    connectFrom === undefined ||
    connectTo === undefined ||
    as === undefined
  )
    throw new StoreError(40105, `$graphLookup requires ${known.map((name) => `'${name}'`).join(", ")}`);
  const depthField = fieldName(given.get("depthField"), "depthField");
  if (as.includes(".") || depthField?.includes(".") === true)
    throw new StoreError(9, "$graphLookup's 'as' and 'depthField' must be plain field names on this server");
  const restriction = given.get("restrictSearchWithMatch");
  if (restriction !== undefined && restriction.type !== bsonType.object)
    throw new StoreError(40185, "restrictSearchWithMatch must be an object");
  return {
    from,
    startWith: compileExpression(startWith),
    connectFrom: pathOf(connectFrom),
    connectTo: pathOf(connectTo),
    as,
    maxDepth: parseDepth(given.get("maxDepth")),
    depthField: depthField ?? null,
    restriction: restriction === undefined ? matchesEverything : parseFilter(restriction),
  };
}

function fieldName(value: Value | undefined, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (value.type !== bsonType.string) throw new StoreError(40103, `expected string as argument for ${name}`);
  const text = readString(value);
  if (text === "" || text.startsWith("$"))
    throw new StoreError(16410, `$graphLookup's '${name}' must be a field name without '$'`);
  return text;
}

function parseDepth(value: Value | undefined): number {
  if (value === undefined) return Infinity;
  if (!isNumeric(value.type)) throw new StoreError(40100, "maxDepth requires numeric argument");
  const depth = toInteger(value);
  if (depth === undefined) throw new StoreError(40102, "maxDepth could not be represented as a long");
  if (depth < 0n) throw new StoreError(40101, "maxDepth requires a nonnegative argument");
  return Number(depth);
}
