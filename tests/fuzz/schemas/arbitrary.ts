// From a JSON schema to what fits it, to its bounds, and to what all but fits: arbitraries of fast-check.
import fc from "fast-check";
import { hostileValue, Raw } from "./hostile.ts";

export type JsonSchema = Record<string, unknown>;

/** Values that exist, by the name of the field or parameter that takes them: most inputs must get past "not found". */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

interface Options {
  known: KnownValues;
  /** Now and then a leaf lies just beyond a bound of its schema. */
  bent?: boolean;
}

/** What the schema takes, its bounds among it. */
export function fitting(schema: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  return arbitraryOf(schema, { known }, "");
}

/** Mostly one change to what fits: a field of another type, missing, more than asked for, or beyond its bounds. */
export function unfitting(schema: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fitting(schema, known).chain(withOneChange) },
    { weight: 2, arbitrary: arbitraryOf(schema, { known, bent: true }, "") },
    { weight: 1, arbitrary: hostileValue },
  );
}

function arbitraryOf(schema: JsonSchema, options: Options, name: string): fc.Arbitrary<unknown> {
  const known = options.known[name];
  const own = byKeyword(schema, options, name);
  if (known === undefined || known.length === 0) return own;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: own });
}

function byKeyword(schema: JsonSchema, options: Options, name: string): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = schema[keyword];
    if (Array.isArray(branches))
      return fc.oneof(...(branches as JsonSchema[]).map((branch) => arbitraryOf(branch, options, name)));
  }
  switch (schema["type"]) {
    case "object":
      return objectOf(schema, options);
    case "array":
      return arrayOf(schema, options, name);
    case "string":
      return stringOf(schema, options);
    case "integer":
    case "number":
      return numberOf(schema, options);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schema: JsonSchema, options: Options): fc.Arbitrary<unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const required = (schema["required"] ?? []) as string[];
  const fields = Object.entries(properties).map(
    ([name, property]) => [name, arbitraryOf(property, options, name)] as const,
  );
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: required.filter((name) => name in properties),
  });
}

function arrayOf(schema: JsonSchema, options: Options, name: string): fc.Arbitrary<unknown> {
  const { minItems = 0, maxItems = 5 } = schema as { minItems?: number; maxItems?: number };
  const item = arbitraryOf((schema["items"] ?? {}) as JsonSchema, options, name);
  const few = fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) });
  // At and just beyond the most: one item, many times over, which is quick to make.
  const many = (count: number) => item.map((one) => Array.from({ length: count }, () => one));
  const edge = { weight: 1, arbitrary: many(maxItems) };
  const beyond = { weight: 2, arbitrary: many(maxItems + 1) };
  return fc.oneof({ weight: 20, arbitrary: few }, edge, ...(options.bent === true ? [beyond] : []));
}

function stringOf(schema: JsonSchema, { bent = false }: Options): fc.Arbitrary<unknown> {
  const {
    minLength = 0,
    maxLength = 200,
    pattern,
    format,
  } = schema as { minLength?: number; maxLength?: number; pattern?: string; format?: string };
  if (format === "date-time") {
    const given = { min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true };
    return fc.date(given).map((date) => date.toISOString());
  }
  const longest = (length: number) =>
    fc.constantFrom("a", "ü", "あ", "🙂").map((char) => char.repeat(length));
  const text: fc.Arbitrary<string> =
    pattern === undefined
      ? fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40), unit: "grapheme" })
      : fc.stringMatching(new RegExp(pattern), { maxLength: Math.min(maxLength, 60) });
  return fc.oneof(
    { weight: 12, arbitrary: text },
    ...(pattern === undefined ? [{ weight: 1, arbitrary: longest(maxLength) }] : []),
    ...(bent ? [{ weight: 4, arbitrary: longest(maxLength + 1) }] : []),
    ...(bent ? [{ weight: 2, arbitrary: longest(Math.max(0, minLength - 1)) }] : []),
  );
}

function numberOf(schema: JsonSchema, { bent = false }: Options): fc.Arbitrary<unknown> {
  const { minimum = -1_000_000, maximum = 1_000_000 } = schema as { minimum?: number; maximum?: number };
  const whole = schema["type"] === "integer";
  const [min, max] = [Math.max(minimum, -(2 ** 31)), Math.min(maximum, 2 ** 31)];
  const inside = whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  return fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 20 }).map((small) => Math.min(max, min + small)) },
    { weight: 4, arbitrary: inside },
    { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
    ...(bent ? [{ weight: 6, arbitrary: fc.constantFrom(minimum - 1, maximum + 1, minimum - 0.5, -0) }] : []),
  );
}

type Path = (string | number)[];

/** One change somewhere in the value. */
function withOneChange(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(value);
  return fc
    .record({
      path: fc.constantFrom<Path>(...paths),
      how: fc.constantFrom("replace", "replace", "replace", "remove", "add"),
      hostile: hostileValue,
      key: fc.constantFrom("__proto__", "constructor", "toString", "$where", "a.b", "", "\u0000", "more"),
    })
    .map(({ path, how, hostile, key }) => changed(value, path, how, key, hostile));
}

function pathsIn(value: unknown, depth = 0): Path[] {
  if (typeof value !== "object" || value === null || value instanceof Raw || depth > 4) return [[]];
  const entries = Array.isArray(value)
    ? value.slice(0, 3).map((item, index) => [index, item] as const)
    : Object.entries(value);
  return [[], ...entries.flatMap(([key, item]) => pathsIn(item, depth + 1).map((rest) => [key, ...rest]))];
}

function changed(value: unknown, path: Path, how: string, key: string, hostile: unknown): unknown {
  const [first, ...rest] = path;
  const isObject = typeof value === "object" && value !== null && !(value instanceof Raw);
  if (first === undefined || !isObject) {
    if (how === "add" && isObject && !Array.isArray(value)) return withField(value, key, hostile);
    return hostile;
  }
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const next =
      how === "remove" && rest.length === 0 ? [] : [changed(items[Number(first)], rest, how, key, hostile)];
    return [...items.slice(0, Number(first)), ...next, ...items.slice(Number(first) + 1)];
  }
  const fields = value as Record<string, unknown>;
  if (how === "remove" && rest.length === 0)
    return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== first));
  return withField(fields, String(first), changed(fields[String(first)], rest, how, key, hostile));
}

/** Also under names that an assignment would not make a field of. */
function withField(fields: object, name: string, value: unknown): object {
  const copy = { ...fields };
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}
