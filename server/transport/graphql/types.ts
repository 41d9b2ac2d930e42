// Types of GraphQL made of the shared schemas: what a schema promises is what the type has, no more and no less.
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLInputType,
  type GraphQLOutputType,
} from "graphql";
import { z } from "zod";

const text = (name: string, description: string) =>
  new GraphQLScalarType<string, string>({
    name,
    description,
    coerceOutputValue: (value) => String(value),
    coerceInputValue: (value) => String(value),
  });
const DateTime = text("DateTime", "ISO 8601 in UTC.");
const DateOnly = text("Date", "A day: `2030-03-12`.");

export type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

export interface TypeMaker {
  /** Nullable where the schema is; `place` names what has no name. Throws for schemas that no type can stand for. */
  outputType(schema: z.ZodType, place: string, field: string): GraphQLOutputType;
  inputType(schema: z.ZodType, place: string, field: string): GraphQLInputType;
}

/** `extraFields` gives what types have beside what their schema promises, by the type's name. */
export function createTypeMaker(options: {
  names: ReadonlyMap<z.ZodType, string>;
  extraFields(typeName: string): Record<string, FieldConfig>;
}): TypeMaker {
  const { names, extraFields } = options;
  const made = new Map<z.ZodType, GraphQLObjectType | GraphQLEnumType>();
  const taken = new Set<string>();

  function named<Type extends GraphQLObjectType | GraphQLEnumType>(
    schema: z.ZodType,
    place: string,
    make: (name: string) => Type,
  ): Type {
    const known = made.get(schema);
    if (known !== undefined) return known as Type;
    const name = names.get(schema) ?? place;
    if (taken.has(name)) throw new Error(`Two types would be called ${name}: name them in type-names.ts.`);
    taken.add(name);
    const type = make(name);
    made.set(schema, type);
    return type;
  }

  const objectType = (schema: z.ZodObject, place: string) =>
    named(schema, place, (name) => {
      return new GraphQLObjectType({
        name,
        fields: () => ({
          ...Object.fromEntries(
            Object.entries(schema.shape).map(([field, of]) => [
              field,
              {
                type: outputType(of as z.ZodType, name + capitalized(field), field),
                ...(unwrapped(of as z.ZodType).inner instanceof z.ZodRecord
                  ? { resolve: entriesIn(field) }
                  : {}),
              },
            ]),
          ),
          ...extraFields(name),
        }),
      });
    });

  /** The values as they are; null where a value cannot be one of an enum. */
  const enumType = (schema: z.ZodEnum, place: string) => {
    const values = schema.options.map(String);
    if (!values.every((value) => /^[A-Za-z_]\w*$/.test(value))) return null;
    const entries = Object.fromEntries(values.map((value) => [value, { value }]));
    return named(schema, place, (name) => new GraphQLEnumType({ name, values: entries }));
  };

  /** What both directions have in common; null for the rest. */
  function leafType(schema: z.ZodType, place: string, field: string) {
    if (schema instanceof z.ZodEnum) return enumType(schema, place) ?? GraphQLString;
    if (schema instanceof z.ZodNumber) return schema.isInt ? GraphQLInt : GraphQLFloat;
    if (schema instanceof z.ZodBoolean) return GraphQLBoolean;
    if (schema instanceof z.ZodISODateTime) return DateTime;
    if (schema instanceof z.ZodISODate) return DateOnly;
    if (schema instanceof z.ZodTemplateLiteral) return GraphQLString;
    if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
      return field === "id" || field.endsWith("Id") ? GraphQLID : GraphQLString;
    if (schema instanceof z.ZodUnion && schema.options.every((each) => isText(each as z.ZodType)))
      return GraphQLString;
    return null;
  }

  function outputType(schema: z.ZodType, place: string, field: string): GraphQLOutputType {
    const { inner, nullable } = unwrapped(schema);
    const type = leafType(inner, place, field) ?? compound(inner, place, field);
    return nullable ? type : new GraphQLNonNull(type);
  }

  function compound(schema: z.ZodType, place: string, field: string) {
    if (schema instanceof z.ZodObject) return objectType(schema, place);
    if (schema instanceof z.ZodArray)
      return new GraphQLList(outputType(schema.element as z.ZodType, singular(place), singular(field)));
    if (schema instanceof z.ZodRecord) return entriesOf(schema, place);
    throw new Error(`No type stands for the schema of ${place} (${schema.def.type}).`);
  }

  /** GraphQL has no objects with keys of anybody's choice. */
  function entriesOf(schema: z.ZodRecord, place: string) {
    const entry = named(schema, `${place}Entry`, (name) => {
      const value = outputType(schema.valueType as z.ZodType, `${name}Value`, "value");
      return new GraphQLObjectType({
        name,
        fields: {
          key: {
            type: new GraphQLNonNull(GraphQLString),
            resolve: (pair) => (pair as [string, unknown])[0],
          },
          value: { type: value, resolve: (pair) => (pair as [string, unknown])[1] },
        },
      });
    });
    return new GraphQLList(new GraphQLNonNull(entry));
  }

  return {
    outputType,
    inputType(schema, place, field) {
      const { inner } = unwrapped(schema);
      // In addresses a switch is the word `true` or `false`.
      if (
        inner instanceof z.ZodEnum &&
        inner.options.every((value) => ["true", "false"].includes(String(value)))
      )
        return GraphQLBoolean;
      if (isSwitch(schema)) return GraphQLBoolean;
      const type = leafType(inner, place, field);
      if (type === null)
        throw new Error(`No argument stands for the schema of ${place} (${inner.def.type}).`);
      return type;
    },
  };
}

const entriesIn = (field: string) => (parent: unknown) => {
  const record = (parent as Record<string, object | null | undefined>)[field];
  return record === null || record === undefined ? null : Object.entries(record);
};

const isText = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodEnum || schema instanceof z.ZodTemplateLiteral || schema instanceof z.ZodString;

const isSwitch = (schema: z.ZodType): boolean => {
  if (schema instanceof z.ZodOptional) return isSwitch(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe && schema.out instanceof z.ZodBoolean;
};

/** Without what stands around it: what may be missing is null, and what is changed on the way has the type before that. */
function unwrapped(schema: z.ZodType): { inner: z.ZodType; nullable: boolean } {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return { inner: unwrapped(schema.unwrap() as z.ZodType).inner, nullable: true };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly)
    return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) {
    const { in: before, out: after } = schema;
    return unwrapped((after instanceof z.ZodTransform ? before : after) as z.ZodType);
  }
  return { inner: schema, nullable: false };
}

/** `programming_languages` → `ProgrammingLanguages`. */
export const capitalized = (name: string) =>
  name.charAt(0).toUpperCase() +
  name.slice(1).replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const singular = (name: string) => name.replace(/ies$/, "y").replace(/(?<=ch)es$|s$/, "");
