// Stages that take all documents at once: $facet, $sample and $unionWith; and $documents, which brings its own.
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { toInteger } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { documentValue, readString, type Value } from "../bson/value.ts";
import { arrayOf, documentOf } from "../bson/writer.ts";
import { StoreError, failedToParse } from "../errors.ts";
import { stageOf } from "./document-stages.ts";
import { compileExpression } from "./expression.ts";
import { bringsDocuments, textOf } from "./lookup-stage.ts";
import { StageChain, type RunningStage } from "./pipeline.ts";
import type { CheckPipeline, StageScope } from "./stage-scope.ts";

const maxBytes = 100 * 1024 * 1024;

/** Each facet sees every document; one document with all their results comes out. */
export function facetStage(
  operand: Value,
  make: (pipeline: readonly Value[]) => RunningStage[],
): RunningStage {
  const facets = parseFacets(operand).map(({ name, pipeline }) => ({
    name,
    chain: new StageChain(make(pipeline)),
    results: [] as Value[],
  }));
  let bytes = 0;
  const keep = (results: Value[], documents: readonly Value[]) => {
    for (const document of documents) {
      bytes += document.end - document.start;
      if (bytes > maxBytes)
        throw new StoreError(
          4031700,
          `document constructed by $facet exceeds the limit of ${maxBytes} bytes`,
        );
      results.push(document.detach());
    }
  };
  return {
    get satisfied() {
      return facets.every(({ chain }) => chain.satisfied);
    },
    async take(documents, pace) {
      for (const { chain, results } of facets)
        if (!chain.satisfied) for await (const page of chain.flow(documents, pace)) keep(results, page);
      return [];
    },
    async end(pace) {
      for (const { chain, results } of facets)
        for await (const page of chain.ending(pace)) keep(results, page);
      return [documentOf(facets.map(({ name, results }) => [name, arrayOf(results)] as const))];
    },
  };
}

function parseFacets(operand: Value): { name: string; pipeline: Value[] }[] {
  const facets = operand.type === bsonType.object ? fieldsOf(operand) : [];
  if (facets.length === 0) throw new StoreError(40169, "the $facet specification must be a non-empty object");
  return facets.map(({ name, value }) => {
    if (name === "" || name.startsWith("$") || name.includes("."))
      throw new StoreError(16410, `'${name}' is no name for the output of a $facet`);
    if (value.type !== bsonType.array)
      throw new StoreError(40170, `arguments to $facet must be arrays, ${name} is something else`);
    const pipeline = itemsOf(value);
    for (const stage of pipeline) {
      const { name: inner } = stageOf(stage);
      if (["$facet", "$documents", "$out", "$merge", "$changeStream"].includes(inner))
        throw new StoreError(40600, `${inner} is not allowed to be used within a $facet stage`);
    }
    return { name, pipeline };
  });
}

/** So many documents by chance, each of them with the same chance, in an order by chance. */
export function sampleStage(operand: Value, { random }: StageScope): RunningStage {
  const size = parseSampleSize(operand);
  const kept: Value[] = [];
  let seen = 0;
  let bytes = 0;
  return {
    satisfied: false,
    take(documents) {
      for (const document of documents) {
        seen += 1;
        const place = kept.length < size ? kept.length : Math.floor(random() * seen);
        if (place >= size) continue;
        const replaced = kept[place];
        bytes += document.end - document.start - (replaced === undefined ? 0 : replaced.end);
        if (bytes > maxBytes) throw new StoreError(292, "Exceeded memory limit for $sample");
        kept[place] = document.detach();
      }
      return [];
    },
    end: () => shuffled(kept, random),
  };
}

function parseSampleSize(operand: Value): number {
  if (operand.type !== bsonType.object)
    throw new StoreError(28745, "the $sample stage specification must be an object");
  const fields = fieldsOf(operand);
  for (const { name } of fields)
    if (name !== "size") throw new StoreError(28748, `unrecognized option to $sample: ${name}`);
  const [only] = fields;
  if (only === undefined) throw new StoreError(28749, "$sample stage must specify a size");
  if (!isNumeric(only.value.type)) throw new StoreError(28746, "size argument to $sample must be a number");
  const size = toInteger(only.value);
  if (size === undefined || size <= 0n)
    throw new StoreError(28747, "size argument to $sample must be a positive integer");
  return Number(size);
}

function shuffled(values: readonly Value[], random: () => number): Value[] {
  const order = [...values];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [a, b] = [order[at], order[other]];
    if (a === undefined || b === undefined) continue;
    order[at] = b;
    order[other] = a;
  }
  return order;
}

/** Passes its documents on, and then what another collection or pipeline gives. */
export function unionStage(operand: Value, scope: StageScope, check: CheckPipeline): RunningStage {
  const { from, pipeline } = parseUnion(operand);
  check(pipeline, "$unionWith");
  return {
    satisfied: false,
    take: (documents) => documents,
    end: (pace) =>
      scope.runPipeline(
        {
          from,
          pipeline,
          variables: scope.variables,
          maxBytes,
          tooLarge: () => new StoreError(292, "Exceeded memory limit for $unionWith"),
        },
        pace,
      ),
  };
}

function parseUnion(operand: Value): { from: string | null; pipeline: Value[] } {
  if (operand.type === bsonType.string) return { from: readString(operand), pipeline: [] };
  if (operand.type !== bsonType.object)
    throw failedToParse("the $unionWith stage specification must be an object or string");
  const given = new Map(fieldsOf(operand).map(({ name, value }) => [name, value]));
  for (const name of given.keys())
    if (name !== "coll" && name !== "pipeline")
      throw new StoreError(40415, `BSON field '$unionWith.${name}' is an unknown field.`);
  const pipeline = given.get("pipeline");
  if (pipeline !== undefined && pipeline.type !== bsonType.array)
    throw failedToParse("A pipeline must be an array of objects");
  const from = textOf(given.get("coll"), "$unionWith argument 'coll'");
  if (from === undefined && !bringsDocuments(pipeline))
    throw failedToParse(
      "$unionWith stage without explicit collection must have a pipeline with $documents as first stage",
    );
  return { from: from ?? null, pipeline: pipeline === undefined ? [] : itemsOf(pipeline) };
}

const emptyDocument = documentValue(Buffer.from([5, 0, 0, 0, 0]));

/** The documents of a $documents stage. */
export function givenDocuments(
  operand: Value,
  { variables, nowMs }: Pick<StageScope, "variables" | "nowMs">,
): Value[] {
  const list = compileExpression(operand)({ root: emptyDocument, variables, nowMs });
  if (list === undefined || list.type !== bsonType.array)
    throw new StoreError(5858203, "an array is expected in $documents");
  const documents = itemsOf(list);
  for (const { type } of documents)
    if (type !== bsonType.object) throw new StoreError(40228, "the elements of $documents must be objects");
  return documents;
}
