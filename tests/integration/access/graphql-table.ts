// Every read of the GraphQL schema with what each kind of person must be answered. A new one needs its row here.
import { isObjectType, getNamedType, type GraphQLField, type GraphQLOutputType } from "graphql";
import { callFields } from "../../../server/transport/graphql/fields.ts";
import { createSchema } from "../../../server/transport/graphql/schema.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import type { ErrorCode } from "../../../shared/errors.ts";
import { isInTheMeeting, type Person } from "./actors.ts";
import { graphqlPlainFields } from "./graphql-fields.ts";
import { unknownId, type Sample } from "./table.ts";

/** What the host has beside the sample: nobody else finds any of it. */
export interface GraphqlSample extends Sample {
  resumeId: string;
  runId: string;
  planId: string;
}

export interface GraphqlRow {
  /** Who is let in: everybody to what is theirs, people in the meeting, or whoever owns it. */
  to: "everybody" | "the meeting" | "the host alone";
  /** Closed to whoever acts as somebody. */
  career?: true;
  args?(sample: GraphqlSample): string;
  /** The field around it, which must be let in to first. */
  within?: string;
}

const id = (name: keyof GraphqlSample) => (sample: GraphqlSample) => `(id: "${sample[name]}")`;
const ownList = { to: "everybody", career: true } as const;
const hosts = { to: "the host alone", career: true } as const;

export const graphqlRows: Readonly<Record<string, GraphqlRow>> = {
  "Query.me": { to: "everybody" },
  "Query.meetings": { to: "everybody", args: () => "(limit: 5)" },
  "Query.meeting": { to: "the meeting", args: id("meetingId") },
  "Query.commitments": { to: "everybody" },
  "Query.resumes": ownList,
  "Query.resume": { ...hosts, args: id("resumeId") },
  "Query.postings": ownList,
  "Query.posting": { ...hosts, args: id("postingId") },
  "Query.applications": ownList,
  "Query.application": { ...hosts, args: id("applicationId") },
  "Query.runs": ownList,
  "Query.run": { ...hosts, args: id("runId") },
  "Query.plans": ownList,
  "Query.plan": { ...hosts, args: id("planId") },
  "Meeting.notes": { to: "the meeting", within: "Query.meeting" },
  "Meeting.transcript": { to: "the meeting", within: "Query.meeting" },
  "Meeting.recap": { to: "the meeting", within: "Query.meeting" },
  "Meeting.commitments": { to: "the meeting", within: "Query.meeting" },
  "Posting.rubric": { ...hosts, within: "Query.posting" },
};

/** The code that a person is refused with; null where they are answered. */
export function graphqlAnswer({ to, career }: GraphqlRow, person: Person): ErrorCode | null {
  if (career === true && person === "impersonated") return "FORBIDDEN";
  if (to === "everybody") return null;
  if (to === "the meeting") return isInTheMeeting(person) ? null : "NOT_FOUND";
  return person === "host" ? null : "NOT_FOUND";
}

export function scopeOf(name: string): EndpointSpec["scope"] {
  const [type = "", field = ""] = name.split(".");
  const call = callFields[type]?.[field];
  return call === undefined ? undefined : (endpoints[call.endpoint] as EndpointSpec).scope;
}

/** Every field there is, as `Type.field`, of the schema as it is built. */
export function graphqlFieldNames(): { calls: string[]; plain: Record<string, string[]> } {
  const calls: string[] = [];
  const plain: Record<string, string[]> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.keys(type.getFields())) {
      if (callFields[type.name]?.[field] !== undefined) calls.push(`${type.name}.${field}`);
      else (plain[type.name] ??= []).push(field);
    }
  }
  return { calls: calls.sort(), plain };
}

export const plainFieldRows: Record<string, string[]> = Object.fromEntries(
  Object.entries(graphqlPlainFields).map(([type, fields]) => [type, fields.split(" ")]),
);

const schema = createSchema();

/** Asks for a read with everything that hangs on it, other reads left out. */
export function graphqlQuery(name: string, sample: GraphqlSample): string {
  const row = graphqlRows[name];
  const [typeName = "", fieldName = ""] = name.split(".");
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (row === undefined || field === undefined) throw new Error(`There is no read ${name}.`);
  const asked = `${fieldName}${row.args?.(sample) ?? ""} ${everythingOf(field.type)}`;
  if (row.within === undefined) return `{ ${asked} }`;
  const around = graphqlRows[row.within];
  return `{ ${row.within.split(".")[1]}${around?.args?.(sample) ?? ""} { ${asked} } }`;
}

function everythingOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return "";
  const plain = Object.values(named.getFields()).filter(
    (field: GraphQLField<unknown, unknown>) => callFields[named.name]?.[field.name] === undefined,
  );
  return `{ ${plain.map((field) => `${field.name} ${everythingOf(field.type)}`).join(" ")} }`;
}

/** Ids that name nothing. */
export function nobodys(sample: GraphqlSample): GraphqlSample {
  return {
    ...sample,
    meetingId: unknownId,
    resumeId: unknownId,
    postingId: unknownId,
    applicationId: unknownId,
    runId: "00000000-0000-4000-8000-000000000000",
    planId: unknownId,
  };
}
