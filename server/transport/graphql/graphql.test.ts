// The GraphQL door over handlers that are made up: what it reads, refuses and bounds.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  buildSchema,
  type GraphQLObjectType,
  GraphQLNonNull,
  GraphQLList,
  isObjectType,
  type GraphQLOutputType,
} from "graphql";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { silentLogger, type Logger } from "../../platform/logger.ts";
import type { EndpointRead, ReadableEndpoint } from "../http/read-endpoint.ts";
import { callFields } from "./fields.ts";
import { graphqlLimits } from "./limits.ts";
import { createSchema, schemaText } from "./schema.ts";
import { createGraphqlServer, type GraphqlServer } from "./server.ts";

const id = "a".repeat(24);
const actor: Actor = {
  userId: "b".repeat(24) as UserId,
  email: "ada@example.org",
  displayName: "Ada",
  orgId: "org_1" as OrgId,
  orgRole: "member",
  sessionId: "session",
  expiresAt: new Date(0),
};
const meeting = { id, title: "Weekly", participants: [] };

let reads: [ReadableEndpoint, EndpointRead][];
let answers: Partial<Record<ReadableEndpoint, () => unknown>>;
let logged: unknown[];
let bounds: string[];
let server: GraphqlServer;

beforeEach(() => {
  reads = [];
  logged = [];
  bounds = [];
  answers = {
    getMeeting: () => meeting,
    listMeetings: () => ({ items: [meeting, meeting], nextCursor: null }),
    readNotes: () => ({
      meetingId: id,
      layer: "shared",
      content: "",
      text: "Notes",
      version: 1,
      updatedAt: null,
    }),
    me: () => ({ id: actor.userId, displayName: actor.displayName }),
    listPlans: () => ({ items: [{ id, targetRole: "Gardener" }] }),
  };
  server = createGraphqlServer({
    read(name, read) {
      reads.push([name, read]);
      return Promise.resolve().then(() => {
        const answer = answers[name];
        if (answer === undefined) throw notFound();
        return answer();
      });
    },
    observed: (_call, work) => work(),
    refused: (bound) => void bounds.push(bound),
    logger: { ...silentLogger, error: (...said: unknown[]) => void logged.push(said) } as unknown as Logger,
  });
});

interface Told {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

async function ask(query: string, variables?: Record<string, unknown>, accept = "") {
  const asker = { actor, address: "127.0.0.1", requestId: "request-1" };
  const { status, contentType, body, codes } = await server.answer({ query, variables }, asker, accept);
  return { status, contentType, codes, text: body, ...(JSON.parse(body) as Told) };
}

async function codeOf(query: string, variables?: Record<string, unknown>): Promise<unknown> {
  const { errors, data } = await ask(query, variables);
  expect(data ?? null).toBeNull();
  expect(reads).toEqual([]);
  return errors?.[0]?.extensions["code"];
}

describe("what fields read", () => {
  test("[GRAPHQL-1] a field reads its endpoint with the id and the query that it would have in the address", async () => {
    const { data, errors } = await ask(
      `query ($id: ID!) { meeting(id: $id) { title notes(layer: shared) { text } } meetings(limit: 2) { items { id } } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      meeting: { title: "Weekly", notes: { text: "Notes" } },
      meetings: { items: [{ id }, { id }] },
    });
    expect(reads.map(([name, { params, query }]) => [name, params, query])).toEqual([
      ["getMeeting", { id }, {}],
      ["listMeetings", {}, { limit: "2" }],
      ["readNotes", { id }, { layer: "shared" }],
    ]);
    expect(reads.every(([, read]) => read.actor === actor)).toBe(true);
  });

  test("[GRAPHQL-1] a plan is found among one's own; any other is not there", async () => {
    expect((await ask(`{ plan(id: "${id}") { targetRole } }`)).data).toEqual({
      plan: { targetRole: "Gardener" },
    });
    for (const other of ["c".repeat(24), "x"]) {
      const { data, errors } = await ask(`{ plan(id: "${other}") { targetRole } }`);
      expect([data, errors?.[0]?.extensions["code"]]).toEqual([{ plan: null }, "NOT_FOUND"]);
    }
  });

  test("[GRAPHQL-2] types have what the shared schemas promise, and null where a field is refused", () => {
    const schema = createSchema();
    const participant = schema.getType("Participant") as GraphQLObjectType;
    expect(Object.keys(participant.getFields()).sort()).toEqual(
      ["displayName", "email", "joinedAt", "leftAt", "photo", "presence", "role", "userId"].sort(),
    );
    for (const [type, fields] of Object.entries(callFields)) {
      const made = (schema.getType(type) as GraphQLObjectType).getFields();
      for (const name of Object.keys(fields)) expect(made[name]?.type).not.toBeInstanceOf(GraphQLNonNull);
    }
  });

  test("[GRAPHQL-2] what has keys of anybody's choice comes as pairs", async () => {
    answers.getCareerRun = () => ({
      runId: id,
      files: [{ artifactId: "c1" }],
      plan: { budgetsUsed: { perRole: { keeper: 3 } } },
    });
    const { data } = await ask(
      `{ run(id: "${id}") { files { url } plan { budgetsUsed { perRole { key value } } } } }`,
    );
    expect(data).toEqual({
      run: {
        files: [{ url: `/api/v1/career/runs/${id}/files/c1` }],
        plan: { budgetsUsed: { perRole: [{ key: "keeper", value: 3 }] } },
      },
    });
  });

  test("[GRAPHQL-4] there is neither a mutation nor a subscription", async () => {
    expect([createSchema().getMutationType(), createSchema().getSubscriptionType()]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await codeOf("mutation { createMeeting }")).toBe("VALIDATION_ERROR");
    expect(await codeOf("subscription { meeting }")).toBe("VALIDATION_ERROR");
  });

  test("[GRAPHQL-3] the text of the schema is one that reads back", () => {
    expect(Object.keys(buildSchema(schemaText()).getTypeMap())).toContain("Meeting");
  });
});

describe("loading", () => {
  test("[GRAPHQL-17] the door loads nothing of GraphQL before the first operation", async () => {
    const door = new URL("./index.ts", import.meta.url).href;
    const script = `
      import { registerHooks } from "node:module";
      registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
      await import(${JSON.stringify(door)});`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
      maxBuffer: 1 << 24,
    });
    expect(stdout).toContain("/transport/graphql/bounds.ts");
    expect(stdout).not.toMatch(/node_modules\/(graphql|@graphql|@envelop|@whatwg)/);
  });
});

describe("refusals", () => {
  test("[GRAPHQL-8] a refused field is null with what REST answers, and the rest is answered", async () => {
    answers.getMeeting = () => {
      throw new AppError("RATE_LIMITED", "That was too often.", { retryAfterSeconds: 7 });
    };
    const { status, data, errors, codes } = await ask(`{ me { displayName } meeting(id: "${id}") { id } }`);
    expect(status).toBe(200);
    expect(data).toEqual({ me: { displayName: "Ada" }, meeting: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: "That was too often.",
        path: ["meeting"],
        extensions: { code: "RATE_LIMITED", retryAfter: 7, requestId: "request-1" },
      }),
    ]);
    expect(codes).toEqual(["RATE_LIMITED"]);
    expect(logged).toEqual([]);
  });

  test("[GRAPHQL-9] an unknown failure says nothing of the inside, and is logged", async () => {
    answers.me = () => {
      throw new TypeError("secret of the inside");
    };
    const { text, errors } = await ask("{ me { id } }");
    expect(errors?.[0]?.extensions["code"]).toBe("INTERNAL");
    expect(text).not.toContain("secret");
    expect(logged).toHaveLength(1);
  });

  test("[GRAPHQL-9] so does an answer that does not fit its type", async () => {
    answers.getMeeting = () => ({ id, title: null, state: "secret-state" });
    const { text, errors } = await ask(`{ meeting(id: "${id}") { title state } }`);
    expect(errors?.[0]?.extensions["code"]).toBe("INTERNAL");
    expect(text).not.toContain("secret-state");
  });

  test.each([
    ["{ me {", "MALFORMED_REQUEST"],
    ["{ mee { id } }", "VALIDATION_ERROR"],
    ["{ me { emial } }", "VALIDATION_ERROR"],
    ["query A { me { id } } query A { me { id } }", "VALIDATION_ERROR"],
    ["query ($id: Int!) { meeting(id: $id) { id } }", "VALIDATION_ERROR"],
    ["query ($id: ID!) { meeting(id: $id) { id } }", "VALIDATION_ERROR"],
    ['{ meetings(limit: "many") { nextCursor } }', "VALIDATION_ERROR"],
    ["query A { me { id } } query B { me { id } }", "VALIDATION_ERROR"],
    ["fragment A on Me { id }", "VALIDATION_ERROR"],
  ])("[GRAPHQL-10] %s is refused with %s and no suggestion", async (query, code) => {
    const { errors, text } = await ask(query);
    expect(errors?.[0]?.extensions["code"]).toBe(code);
    expect(text).not.toMatch(/did you mean/i);
    expect(reads).toEqual([]);
  });

  test("[GRAPHQL-10] what the endpoint's schema refuses is refused by the endpoint", async () => {
    await ask(`{ meetings(limit: 100000, cursor: "x") { nextCursor } }`);
    expect(reads[0]?.[1].query).toEqual({ limit: "100000", cursor: "x" });
  });
});

describe("bounds", () => {
  const many = (count: number, each: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => each(at)).join(" ");
  const spread = (depth: number) =>
    Array.from({ length: depth }, (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`).join(
      " ",
    ) + ` fragment F${depth} on Query { me { id } }`;

  test.each([
    ["introspection of the schema", "{ __schema { types { name } } }", /introspection/],
    ["introspection of a type", `{ __type(name: "Me") { fields { name } } }`, /introspection/],
    ["more aliases than are allowed", `{ ${many(31, (at) => `a${at}: __typename`)} }`, /30 aliases/],
    [
      "aliases in fragments",
      `{ ...A ...A } fragment A on Query { ${many(16, (at) => `a${at}: __typename`)} }`,
      /30 aliases/,
    ],
    ["fragments that double each other", `{ ...F0 } ${spread(30)}`, /1000 fields/],
    [
      "fragments that double each other and hold nothing",
      `{ ...F0 } ${spread(30).replace("{ me { id } }", "{}")}`,
      /1000 fields/,
    ],
    [
      "a fragment that spreads itself",
      "{ ...A } fragment A on Query { me { id } ...B } fragment B on Query { ...A }",
      /itself/,
    ],
    ["more depth than is allowed", `{ ${"me { ".repeat(10)} id ${"}".repeat(10)} }`, /10 fields deep/],
    ["depth in inline fragments", `{ ${"... { me { ".repeat(10)} id ${"} }".repeat(10)} }`, /10 fields deep/],
    [
      "reads under each item of a long list",
      "{ meetings(limit: 200) { items { notes { text } recap { status } } } }",
      /401 times/,
    ],
    [
      "reads under the items of a list of the default length",
      "{ meetings { items { notes { text } } } }",
      /51 times/,
    ],
    [
      "reads under a list by a variable's default",
      "query ($n: Int = 90) { meetings(limit: $n) { items { notes { text } } } }",
      /91 times/,
    ],
    [
      "reads in fragments",
      "{ meetings(limit: 90) { items { ...A } } } fragment A on Meeting { ... { notes { text } } }",
      /91 times/,
    ],
    ["many reads beside each other", `{ ${many(26, (at) => `a${at}: me { id }`)} }`, /26 times/],
  ])("[GRAPHQL-14] [GRAPHQL-15] [GRAPHQL-16] %s: refused before anything runs", async (_what, query, why) => {
    const { errors, data } = await ask(query);
    expect([data ?? null, reads]).toEqual([null, []]);
    expect(errors?.[0]?.extensions["code"]).toBe("VALIDATION_ERROR");
    expect(errors?.[0]?.message).toMatch(why);
  });

  test.each([
    ["depth", `{ ${"me { ".repeat(10)} id ${"}".repeat(10)} }`],
    ["aliases", `{ ${many(31, (at) => `a${at}: me { id }`)} }`],
    ["fields", `{ ...F0 } ${spread(30)}`],
    ["recursion", "{ ...A } fragment A on Query { ...A }"],
    ["reads", "{ meetings(limit: 90) { items { notes { text } } } }"],
    ["tokens", `{ ${"me { id } ".repeat(400)} }`],
    [null, "{ nothing }"],
    [null, "{ me { id } }"],
  ])(
    "[GRAPHQL-18] what is refused for what it would cost is counted by the bound it met: %s",
    async (bound, query) => {
      await ask(query);
      expect(bounds).toEqual(bound === null ? [] : [bound]);
    },
  );

  test("[GRAPHQL-14] a document of as many equal fields as there may be is validated, and takes no time that counts", async () => {
    expect((await ask(`{ ${"me { id } ".repeat(240)} }`)).errors?.[0]?.message).toMatch(/240 times/);
  });

  test("[GRAPHQL-15] the limit may come by a variable, and counts", async () => {
    const query = "query ($n: Int) { meetings(limit: $n) { items { notes { text } } } }";
    expect(await codeOf(query, { n: 200 })).toBe("VALIDATION_ERROR");
    expect((await ask(query, { n: 20 })).errors).toBeUndefined();
    expect(reads).toHaveLength(3);
  });

  test("[GRAPHQL-13] more tokens than are allowed are not parsed to their end", async () => {
    expect(await codeOf(`{ ${"me ".repeat(graphqlLimits.tokensMost)}`)).toBe("MALFORMED_REQUEST");
  });

  test("[GRAPHQL-14] everything that one thing has can be asked for at once", async () => {
    const schema = createSchema();
    for (const name of Object.keys(callFields["Query"] ?? {})) {
      const field = schema.getQueryType()?.getFields()[name];
      if (field === undefined) throw new Error(`there is no field ${name}`);
      reads = [];
      const given = field.args.some((each) => each.name === "id") ? `(id: "${id}")` : "";
      const limited = field.args.some((each) => each.name === "limit") ? "(limit: 1)" : given;
      const { errors } = await ask(`{ ${name}${limited} ${everythingOf(field.type)} }`);
      expect([
        name,
        errors?.filter(({ extensions }) => extensions["code"] === "VALIDATION_ERROR") ?? [],
      ]).toEqual([name, []]);
    }
  });

  test("[GRAPHQL-10] a document that is refused is a 400 to whoever accepts GraphQL's own type, a 200 to others", async () => {
    const own = await ask("{ nothing }", {}, "application/graphql-response+json, application/json");
    expect([own.status, own.contentType]).toEqual([400, "application/graphql-response+json; charset=utf-8"]);
    const json = await ask("{ nothing }", {}, "*/*");
    expect([json.status, json.contentType]).toEqual([200, "application/json; charset=utf-8"]);
  });
});

function everythingOf(type: GraphQLOutputType): string {
  if (type instanceof GraphQLNonNull || type instanceof GraphQLList)
    return everythingOf(type.ofType as GraphQLOutputType);
  if (!isObjectType(type)) return "";
  return `{ ${Object.values(type.getFields())
    .map((field) => `${field.name} ${everythingOf(field.type)}`)
    .join(" ")} }`;
}
