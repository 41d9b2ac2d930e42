// What an operation may ask for at most, known before any of it runs. The rules: SPEC.md.
import {
  GraphQLError,
  getNamedType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { AppError } from "../../../shared/errors.ts";
import { callFields, type CallField } from "./fields.ts";

export const graphqlLimits = {
  tokensMost: 1_000,
  depthMost: 10,
  /** Fields that are given another name. */
  aliasesMost: 30,
  /** With fragments in the place of their names, which count, too. */
  fieldsMost: 1_000,
  /** Reads of endpoints, those under the items of a list as often as the list may have items. */
  readsMost: 25,
} as const;

/** Which bound an operation has met. */
export type GraphqlBound = "tokens" | "depth" | "fields" | "aliases" | "recursion" | "reads";

/** What is refused before it runs, for what it would cost. */
export class BoundMet extends GraphQLError {
  readonly bound: GraphqlBound;

  constructor(bound: GraphqlBound, message: string) {
    super(message, { originalError: new AppError("VALIDATION_ERROR", message) });
    this.bound = bound;
  }
}

interface Size {
  depth: number;
  fields: number;
  aliases: number;
}

/** Throws VALIDATION_ERROR; what names no fragment is left to validation. Costs no more than the document is long. */
export function assertBounded(document: DocumentNode): void {
  const fragments = fragmentsOf(document);
  const known = new Map<string, Size | null>();

  function ofFragment(name: string): Size {
    const before = known.get(name);
    // Begun and not ended: it spreads itself.
    if (before === null) throw new BoundMet("recursion", "A fragment must not spread itself.");
    if (before !== undefined) return before;
    known.set(name, null);
    const fragment = fragments.get(name);
    const size = fragment === undefined ? none : ofSelections(fragment.selectionSet);
    known.set(name, size);
    return size;
  }

  function ofSelections({ selections }: SelectionSetNode): Size {
    const sum = { ...none };
    for (const selection of selections) {
      const size = sizeOf(selection);
      sum.depth = Math.max(sum.depth, size.depth);
      sum.fields += size.fields + (selection.kind === Kind.FIELD ? 0 : 1);
      sum.aliases += size.aliases;
      assertWithin(sum);
    }
    return sum;
  }

  function sizeOf(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    return selection.kind === Kind.INLINE_FRAGMENT
      ? ofSelections(selection.selectionSet)
      : ofField(selection);
  }

  function ofField({ alias, selectionSet }: FieldNode): Size {
    const below = selectionSet === undefined ? none : ofSelections(selectionSet);
    return {
      depth: below.depth + 1,
      fields: below.fields + 1,
      aliases: below.aliases + (alias === undefined ? 0 : 1),
    };
  }

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) assertWithin(ofSelections(definition.selectionSet));
    // One that nothing uses is refused by validation, which looks at it.
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) ofFragment(definition.name.value);
  }
}

const none: Readonly<Size> = { depth: 0, fields: 0, aliases: 0 };

function assertWithin({ depth, fields, aliases }: Size): void {
  const { depthMost, fieldsMost, aliasesMost } = graphqlLimits;
  if (depth > depthMost) throw new BoundMet("depth", `An operation may be at most ${depthMost} fields deep.`);
  if (fields > fieldsMost)
    throw new BoundMet("fields", `An operation may ask for at most ${fieldsMost} fields.`);
  if (aliases > aliasesMost)
    throw new BoundMet("aliases", `An operation may give at most ${aliasesMost} aliases.`);
}

/** Of a valid document. Throws VALIDATION_ERROR where the operation may read more often than is allowed. */
export function assertAffordable(options: {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}): void {
  const { schema, document, operation, variables } = options;
  const fragments = fragmentsOf(document);

  function readsIn({ selections }: SelectionSetNode, type: GraphQLObjectType): number {
    let reads = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) reads += readsOf(selection, type);
      else if (selection.kind === Kind.INLINE_FRAGMENT) reads += readsIn(selection.selectionSet, type);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) reads += readsIn(fragment.selectionSet, type);
      }
    }
    return reads;
  }

  function readsOf(field: FieldNode, type: GraphQLObjectType): number {
    const name = field.name.value;
    const call = callFields[type.name]?.[name];
    const inside = getNamedType(type.getFields()[name]?.type);
    const below =
      field.selectionSet === undefined || !isObjectType(inside) ? 0 : readsIn(field.selectionSet, inside);
    if (call === undefined) return below;
    return 1 + (below === 0 ? 0 : below * itemsMost(call, limitOf(field)));
  }

  function limitOf(field: FieldNode): unknown {
    const given = field.arguments?.find(({ name }) => name.value === "limit")?.value;
    if (given?.kind !== Kind.VARIABLE) return literal(given);
    const name = given.name.value;
    const declared = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return variables[name] ?? literal(declared?.defaultValue);
  }

  const query = schema.getQueryType();
  const reads = query === null || query === undefined ? 0 : readsIn(operation.selectionSet, query);
  if (reads <= graphqlLimits.readsMost) return;
  throw new BoundMet(
    "reads",
    `This would read up to ${reads} times, and ${graphqlLimits.readsMost} is the most: ask for fewer things, or give lists a smaller limit.`,
  );
}

/** How many things the endpoint may answer, as far as its `limit` says; one where it takes none. */
function itemsMost(call: CallField, limit: unknown): number {
  if (call.query?.includes("limit") !== true) return 1;
  const spec: EndpointSpec = endpoints[call.endpoint];
  const asked = spec.query?.safeParse(limit === null || limit === undefined ? {} : { limit: String(limit) });
  // What it would refuse it reads nothing for.
  return asked?.success === true ? (asked.data as { limit: number }).limit : 1;
}

const literal = (value: ValueNode | undefined) => (value?.kind === Kind.INT ? value.value : null);

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
