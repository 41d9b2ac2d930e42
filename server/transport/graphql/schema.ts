// The schema, made of the table of fields and the shared schemas: reading alone, each field by its endpoint.
import {
  GraphQLID,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
  type GraphQLArgumentConfig,
  type GraphQLOutputType,
} from "graphql";
import { z } from "zod";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { notFound } from "../../../shared/errors.ts";
import type { ReadableEndpoint } from "../http/read-endpoint.ts";
import { callFields, type CallField } from "./fields.ts";
import { typeNames } from "./type-names.ts";
import { capitalized, createTypeMaker, type FieldConfig, type TypeMaker } from "./types.ts";

export interface FieldCall {
  /** `Query.meeting`. */
  field: string;
  endpoint: ReadableEndpoint;
  params: Record<string, string>;
  query: Record<string, string>;
}

/** What every operation runs with. */
export interface GraphqlContext {
  /** Throws what the endpoint refuses with. */
  read(call: FieldCall): Promise<unknown>;
}

export function createSchema(): GraphQLSchema {
  const maker: TypeMaker = createTypeMaker({
    names: typeNames,
    extraFields: (typeName) => fieldsOf(typeName, maker),
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: () => fieldsOf("Query", maker) }),
  });
}

/** As `docs/graphql.graphql` has it. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}

function fieldsOf(typeName: string, maker: TypeMaker): Record<string, FieldConfig> {
  return Object.fromEntries(
    Object.entries(callFields[typeName] ?? {}).map(([name, field]) => [
      name,
      fieldOf(typeName, name, field, maker),
    ]),
  );
}

function fieldOf(typeName: string, name: string, field: CallField, maker: TypeMaker): FieldConfig {
  const spec: EndpointSpec = endpoints[field.endpoint];
  const place = (typeName === "Query" ? "" : typeName) + capitalized(name);
  const isRoot = typeName === "Query";
  const takesId = field.id !== undefined || (isRoot && field.param !== undefined);
  return {
    // Null where it is refused, beside the error: what else was asked for is answered.
    type: nullable(maker.outputType(field.answer, place, name)),
    description: `${field.description ?? spec.summary}. ${spec.scope === undefined ? "No key opens it." : `Keys: \`${spec.scope}\`.`}`,
    args: {
      ...(takesId ? { id: { type: new GraphQLNonNull(GraphQLID) } } : {}),
      ...argumentsOf(spec, field, place, maker),
    },
    async resolve(parent, given: Record<string, unknown>, context) {
      const { id, ...query } = given;
      const asked = { id: takesId ? String(id) : isRoot ? "" : (parent as { id: string }).id };
      if (field.id?.safeParse(asked.id).success === false) throw notFound();
      const answer = await (context as GraphqlContext).read({
        field: `${typeName}.${name}`,
        endpoint: field.endpoint,
        params: field.param === undefined ? {} : { [field.param]: asked.id },
        query: asInAddress(query),
      });
      return field.present === undefined ? answer : field.present(answer, asked);
    },
  };
}

function argumentsOf(
  spec: EndpointSpec,
  field: CallField,
  place: string,
  maker: TypeMaker,
): Record<string, GraphQLArgumentConfig> {
  const shape = spec.query instanceof z.ZodObject ? (spec.query.shape as Record<string, z.ZodType>) : {};
  return Object.fromEntries(
    (field.query ?? []).map((name) => {
      const schema = shape[name];
      if (schema === undefined) throw new Error(`The endpoint ${field.endpoint} has no query ${name}.`);
      return [name, { type: maker.inputType(schema, place + capitalized(name), name) }];
    }),
  );
}

/** The endpoint's own schema reads and bounds it. */
function asInAddress(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

const nullable = (type: GraphQLOutputType): GraphQLOutputType =>
  type instanceof GraphQLNonNull ? type.ofType : type;
