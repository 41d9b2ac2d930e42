// $lookup: by equal fields (an index of the other collection is used where it has one), by a pipeline, or by both.
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { closeNode, openObject } from "../bson/tree.ts";
import { bsonType } from "../bson/types.ts";
import { maxDocumentBytes } from "../bson/validate.ts";
import { nullValue, readString, type Value } from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import { StoreError, failedToParse } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { pathOf, visitPath, type Path } from "../query/path.ts";
import { compileExpression } from "./expression.ts";
import type { Expression, Scope } from "./expression-types.ts";
import { pageStage, type RunningStage } from "./pipeline.ts";
import type { CheckPipeline, StageScope } from "./stage-scope.ts";

interface Lookup {
  from: string | null;
  fields: { local: Path; foreign: Path } | null;
  variables: { name: string; expression: Expression }[];
  pipeline: readonly Value[];
  as: string;
}

export function lookupStage(operand: Value, scope: StageScope, check: CheckPipeline): RunningStage {
  const lookup = parseLookup(operand);
  check(lookup.pipeline, "$lookup");
  const { from, fields, pipeline, as } = lookup;
  const find = async (document: Value, pace: Parameters<StageScope["runPipeline"]>[1]) =>
    scope.runPipeline(
      {
        from,
        pipeline,
        ...(fields === null
          ? {}
          : { filter: equalityFilter(fields.foreign, valuesOrNull(document, fields.local)) }),
        variables: variablesFor(lookup, document, scope),
        maxBytes: maxDocumentBytes,
        tooLarge: () =>
          new StoreError(
            4568,
            `Total size of documents in ${from ?? "the pipeline"} matching pipeline's $lookup stage exceeds ${maxDocumentBytes} bytes`,
          ),
      },
      pace,
    );
  // Without a word about the document, every document gets the same.
  const isSame = fields === null && lookup.variables.length === 0;
  let same: Value[] | null = null;
  return pageStage(async (documents, pace) => {
    const joined: Value[] = [];
    for (const document of documents) {
      const found: Value[] = same ?? (await find(document, pace));
      if (isSame) same = found;
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

function parseLookup(operand: Value): Lookup {
  if (operand.type !== bsonType.object) throw failedToParse("the $lookup specification must be an object");
  const given = new Map(fieldsOf(operand).map(({ name, value }) => [name, value]));
  for (const name of given.keys())
    if (!["from", "localField", "foreignField", "let", "pipeline", "as"].includes(name))
      throw failedToParse(`unknown argument to $lookup: ${name}`);
  const text = (name: string) => textOf(given.get(name), `$lookup argument '${name}'`);
  const [from, local, foreign, as] = [text("from"), text("localField"), text("foreignField"), text("as")];
  const pipeline = given.get("pipeline");
  if (as === undefined) throw failedToParse("must specify 'as' field for a $lookup");
  if (as === "" || as.includes(".") || as.startsWith("$"))
    throw failedToParse("$lookup's 'as' must be one plain field name on this server");
  if ((local === undefined) !== (foreign === undefined))
    throw failedToParse(
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    );
  if (pipeline === undefined && local === undefined)
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  if (pipeline === undefined && given.has("let"))
    throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
  if (pipeline !== undefined && pipeline.type !== bsonType.array)
    throw failedToParse("A pipeline must be an array of objects");
  if (from === undefined && !bringsDocuments(pipeline))
    throw failedToParse("must specify 'pipeline' with $documents first when 'from' is empty");
  return {
    from: from ?? null,
    fields:
      local === undefined || foreign === undefined
        ? null
        : { local: pathOf(local), foreign: pathOf(foreign) },
    variables: parseVariables(given.get("let")),
    pipeline: pipeline === undefined ? [] : itemsOf(pipeline),
    as,
  };
}

export function textOf(value: Value | undefined, what: string): string | undefined {
  if (value === undefined) return undefined;
  if (value.type !== bsonType.string) throw failedToParse(`${what} must be a string`);
  return readString(value);
}

/** Whether a pipeline begins with $documents and so needs no collection. */
export function bringsDocuments(pipeline: Value | undefined): boolean {
  if (pipeline === undefined || pipeline.type !== bsonType.array) return false;
  const [first] = itemsOf(pipeline);
  return first !== undefined && first.type === bsonType.object && fieldsOf(first)[0]?.name === "$documents";
}

function parseVariables(given: Value | undefined): Lookup["variables"] {
  if (given === undefined) return [];
  if (given.type !== bsonType.object) throw failedToParse("$lookup argument 'let' must be an object");
  return fieldsOf(given).map(({ name, value }) => {
    if (!/^[a-z][A-Za-z0-9_]*$|^\P{ASCII}/u.test(name))
      throw failedToParse(`'${name}' starts with an invalid character for a user variable name`);
    return { name, expression: compileExpression(value) };
  });
}

function variablesFor({ variables }: Lookup, document: Value, scope: StageScope): Scope["variables"] {
  if (variables.length === 0) return scope.variables;
  const outer: Scope = { root: document, variables: scope.variables, nowMs: scope.nowMs };
  const inner = new Map(scope.variables);
  for (const { name, expression } of variables) inner.set(name, expression(outer));
  return inner;
}

/** What a path meets: the elements of arrays one by one, nothing where it is missing. */
export function valuesAt(document: Value, path: Path): Value[] {
  const values: Value[] = [];
  visitPath(document, path, true, (value, _position, isWholeArray) => {
    if (value !== undefined && !isWholeArray) values.push(value);
    return false;
  });
  return values;
}

/** Nothing counts as null. */
function valuesOrNull(document: Value, path: Path): Value[] {
  const values = valuesAt(document, path);
  return values.length === 0 ? [nullValue] : values;
}

/** Equal to one of some values, or over an array to one of its elements. */
export function equalityFilter(path: Path, values: readonly Value[]): Filter {
  const distinct = [...new Map(values.map((value) => [keyText(value), value])).entries()];
  return {
    kind: "in",
    path,
    values: distinct.map(([, value]) => value),
    keys: new Set(distinct.map(([key]) => key)),
    regexes: [],
    withNull: distinct.some(([, { type }]) => type === bsonType.null),
  };
}
