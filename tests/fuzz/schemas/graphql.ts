// Generated GraphQL: documents made of the schema, bounded or not, with values that fit or do not, and documents that are none.
import type { Agent } from "node:http";
import fc from "fast-check";
import {
  getNamedType,
  isEnumType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
} from "graphql";
import { createSchema } from "../../../server/transport/graphql/schema.ts";
import type { KnownValues } from "./arbitrary.ts";
import { encodeJson, hostileValue } from "./hostile.ts";
import { damagedBody, sendRequest } from "./http.ts";
import { assertError, Fault, judgeHttp } from "./judge.ts";
import type { FuzzWorld } from "./world.ts";

const schema = createSchema();

/** Numbers that decide, one after another; when they are used up, everything is as short as it can be. */
class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  next(below: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % below;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.next(Math.max(1, items.length))];
  }
}

const oddLiterals = [
  "null",
  "-1",
  "99999999999999999999",
  "1.5e308",
  "true",
  '""',
  '"\\u0000"',
  '"\\uD800"',
  '"""\n  block\n"""',
  "[]",
  "[[1]]",
  "{}",
  '{ x: { __proto__: "y" } }',
  "nothing",
  "$v",
  '"$where"',
];

function valueOf(argument: GraphQLArgument, tape: Tape, known: KnownValues): string {
  if (tape.next(4) === 3) return tape.pick(oddLiterals) ?? "null";
  const type = getNamedType(argument.type);
  if (isEnumType(type)) return tape.pick(type.getValues())?.name ?? "null";
  if (type.name === "Int") return String([1, 2, 5, 50, 200, 1000][tape.next(6)]);
  if (type.name === "Boolean") return ["true", "false"][tape.next(2)] ?? "true";
  return JSON.stringify(tape.pick([...(known["id"] ?? []), "f".repeat(24), "x", "$v"].map(String)));
}

function fieldText(
  field: GraphQLField<unknown, unknown>,
  tape: Tape,
  known: KnownValues,
  depth: number,
): string {
  const given = field.args.filter((each) => each.name === "id" || tape.next(4) === 0);
  const args = given.map((each) => `${each.name}: ${valueOf(each, tape, known)}`).join(", ");
  const alias = tape.next(9) === 8 ? `a${tape.next(3)}: ` : "";
  const directive = tape.next(15) === 14 ? " @include(if: $b) @skip(if: false)" : "";
  const type = getNamedType(field.type);
  const below = isObjectType(type) ? ` ${selectionText(type, tape, known, depth + 1)}` : "";
  return `${alias}${field.name}${args === "" ? "" : `(${args})`}${directive}${below}`;
}

function selectionText(type: GraphQLObjectType, tape: Tape, known: KnownValues, depth: number): string {
  const fields = Object.values(type.getFields());
  const parts = Array.from({ length: 1 + tape.next(depth > 5 ? 1 : 4) }, () => {
    const odd = tape.next(24);
    if (odd === 23)
      return tape.pick(["__typename", "__schema { types { name } }", "nothing", "...F", "...G"]) ?? "";
    const leaf = fields.find((each) => !isObjectType(getNamedType(each.type)));
    const field = depth > 8 ? leaf : tape.pick(fields);
    if (field === undefined) return "__typename";
    const text = fieldText(field, tape, known, depth);
    return odd === 22 ? `... on ${type.name} { ${text} }` : text;
  });
  return `{ ${parts.join(" ")} }`;
}

function documentOf(tape: Tape, known: KnownValues): string {
  const query = schema.getQueryType();
  if (query === null || query === undefined) throw new Error("the schema asks for nothing");
  const head = [
    "",
    "query ",
    "query Q($v: ID, $b: Boolean = true) ",
    "query Q($v: Int = 3, $b: Boolean!) ",
    "mutation ",
  ];
  const fragment = [
    " fragment F on Query { me { id } ...G } fragment G on Query { ...F }",
    " fragment F on Meeting { id notes { text } }",
  ];
  return `${head[tape.next(head.length)]}${selectionText(query, tape, known, 0)}${tape.next(4) === 3 ? (tape.pick(fragment) ?? "") : ""}`;
}

/** Documents as they are, cut, with a character changed, or many times over. */
function damagedDocument(text: string, how: number, at: number): string {
  if (how < 6) return text;
  const place = at % Math.max(1, text.length);
  if (how === 6) return text.slice(0, place);
  if (how === 7)
    return `${text.slice(0, place)}${'{}()[]!$@"#\\\u0000\ud800'[at % 14] ?? ""}${text.slice(place + 1)}`;
  if (how === 8) return text.slice(0, 60).repeat(1 + (at % 400));
  return "{ me ".repeat(1 + (at % 3_000));
}

function bodies(known: KnownValues): fc.Arbitrary<{ headers: Record<string, string>; bytes: Buffer | null }> {
  const json = { "content-type": "application/json" };
  const document = fc
    .tuple(fc.array(fc.nat({ max: 9_999 }), { maxLength: 120 }), fc.nat({ max: 9 }), fc.nat({ max: 9_999 }))
    .map(([numbers, how, at]) => damagedDocument(documentOf(new Tape(numbers), known), how, at));
  const variables = fc.oneof(
    fc.constantFrom<unknown>({}, null, { b: true, v: 2 }, { b: "yes", v: {} }),
    hostileValue,
    fc.record({ v: hostileValue, b: hostileValue }),
  );
  const good = fc
    .tuple(document, variables, fc.constantFrom<unknown>(undefined, "Q", "", null, 7))
    .map(([query, given, operationName]) => ({
      query,
      variables: given,
      ...(operationName === undefined ? {} : { operationName }),
    }));
  const asBytes = (value: unknown) => Buffer.from(encodeJson(value));
  return fc.oneof(
    { weight: 12, arbitrary: good.map((value) => ({ headers: json, bytes: asBytes(value) })) },
    { weight: 1, arbitrary: hostileValue.map((value) => ({ headers: json, bytes: asBytes(value) })) },
    { weight: 1, arbitrary: good.map((value) => ({ headers: json, bytes: asBytes([value, value]) })) },
    { weight: 2, arbitrary: good.chain((value) => damagedBody(asBytes(value))) },
  );
}

/** An answer of GraphQL: its errors have known codes, and none is a fault of ours. */
function judgeGraphql(status: number, text: string): string {
  if (status === 0 || !text.startsWith("{")) return "connection closed";
  const { errors, data } = JSON.parse(text) as {
    errors?: { message: string; extensions: object }[];
    data?: unknown;
  };
  if (errors === undefined) return data === undefined ? "refused by REST's form" : "answered";
  const codes = errors.map(({ message, extensions }) =>
    assertError({ error: { message, ...extensions } }, null),
  );
  if (codes[0] === undefined) throw new Fault(`refused without a reason: ${text.slice(0, 300)}`);
  return data === undefined ? codes[0] : `in part, ${codes[0]}`;
}

export function graphqlTarget(world: FuzzWorld, agent: Agent) {
  const base = new URL(world.server.url);
  const inputs = fc.tuple(bodies(world.known), fc.boolean(), fc.boolean());
  return {
    name: "GraphQL",
    weight: 60,
    property: (count: (outcome: string) => void) =>
      fc.asyncProperty(inputs, async ([{ headers, bytes }, guest, ownType]) => {
        const token = guest ? world.participant : world.token;
        const accept = ownType ? { accept: "application/graphql-response+json" } : {};
        const request = {
          method: "POST",
          target: "/graphql",
          headers: { ...headers, ...accept },
          body: bytes,
        };
        const answer = await sendRequest(base, request, { token, agent });
        if (answer.text.includes('"errors"') || answer.status < 300) {
          judgeHttp(answer, "any");
          return count(judgeGraphql(answer.status, answer.text));
        }
        count(judgeHttp(answer, "api"));
      }),
  };
}
