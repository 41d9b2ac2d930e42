// Every way in by HTTP with the answer that each kind of person must get; the tests ask and the docs print the same.
import { errorStatuses } from "../../../shared/errors.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { isInTheMeeting, type Person } from "./actors.ts";
import { specs } from "./calls.ts";
import { adminEndpoints, operatorEndpoints, type AdminRow } from "./admin-table.ts";
import {
  meetingEndpoints,
  openEndpoints,
  webhookEndpoints,
  type HttpRow,
  type OpenRow,
  type Sample,
  type WebhookRow,
} from "./table.ts";

const { forbidden, unauthenticated } = errorStatuses;
const hidden = errorStatuses["not-found"];

export interface Door {
  name: string;
  /** The rules of SPEC.md that its row is about. */
  rules: string;
  method: string;
  /** As the route is written. */
  route: string;
  path(sample: Sample): string;
  body(sample: Sample): unknown;
  /** The HTTP status for a person with a good proof. */
  answerTo(person: Person): number;
  /** The HTTP status for anybody without one; 401 where the proof is asked for. */
  withoutProof: number;
  /** The host is asked about a meeting of its own. */
  spends: boolean;
  /** Opens to a machine's key that was made for it. */
  scope: EndpointSpec["scope"];
  /** Asks for a proof of identity at all. */
  asksForProof: boolean;
  /** As in `OpenRow`. */
  told: boolean;
  ready: string | null;
}

type Row = Pick<Door, "rules" | "path" | "body" | "answerTo"> & Partial<Door>;

function doorOf(name: string, row: Row): Door {
  const spec = specs[name];
  if (spec === undefined) throw new Error(`There is no endpoint ${name}.`);
  return {
    name,
    method: spec.method,
    route: spec.path,
    withoutProof: unauthenticated,
    spends: false,
    scope: spec.scope,
    asksForProof: true,
    told: false,
    ready: null,
    ...row,
  };
}

const promisedBy = (name: string): number => specs[name]?.status ?? 200;
const at = (path: AdminRow["path"]) => (typeof path === "string" ? () => path : path);

const ofMeeting = Object.entries<HttpRow>(meetingEndpoints).map(([name, row]) =>
  doorOf(name, {
    rules: "[ACCESS-5] [ACCESS-6] [ACCESS-7]",
    path: row.path,
    body: () => row.body,
    spends: row.spends === true,
    answerTo(person) {
      if (!isInTheMeeting(person)) return hidden;
      if (person === "host") return row.host ?? promisedBy(name);
      if (person === "impersonated") return row.impersonated ?? row.participant;
      return row[person];
    },
  }),
);

const open = Object.entries<OpenRow>(openEndpoints).map(([name, row]) =>
  doorOf(name, {
    rules: "[ACCESS-6] [ACCESS-8]",
    path: at(row.path),
    body: (sample) =>
      typeof row.body === "function" ? (row.body as (of: Sample) => unknown)(sample) : row.body,
    told: row.told === true,
    ready: row.ready ?? null,
    answerTo(person) {
      // Closed to whoever acts as somebody, before anything is looked for.
      if (person === "impersonated" && row.impersonated === forbidden) return forbidden;
      if (row.owner !== undefined && row.owner !== person) return hidden;
      if (row.hiddenFrom?.includes(person) === true) return hidden;
      return (person === "impersonated" ? row.impersonated : undefined) ?? row.answer ?? promisedBy(name);
    },
    ...(row.public === true ? { withoutProof: row.answer ?? promisedBy(name), asksForProof: false } : {}),
  }),
);

const ofAdmins = Object.entries<AdminRow>(adminEndpoints).map(([name, row]) =>
  doorOf(name, {
    rules: "[ACCESS-6] [ACCESS-8] [ACCESS-18]",
    path: at(row.path),
    body: () => row.body,
    answerTo(person) {
      if (person === "admin") return row.admin;
      if (person !== "otherAdmin") return forbidden;
      return typeof row.path === "string" ? row.admin : hidden;
    },
  }),
);

const ofOperators = Object.entries<AdminRow>(operatorEndpoints).map(([name, row]) =>
  doorOf(name, {
    rules: "[ACCESS-6] [ACCESS-19]",
    path: at(row.path),
    body: () => row.body,
    answerTo: (person) => (person === "operator" ? row.admin : forbidden),
  }),
);

const ofVendors = Object.entries<WebhookRow>(webhookEndpoints).map(([name, row]) =>
  doorOf(name, {
    rules: "[ACCESS-17]",
    ...row,
    answerTo: () => (row.off ? forbidden : unauthenticated),
    asksForProof: false,
    ...(row.off ? { withoutProof: forbidden } : {}),
  }),
);

export const endpointDoors: readonly Door[] = [
  ...ofMeeting,
  ...open,
  ...ofAdmins,
  ...ofOperators,
  ...ofVendors,
];

/** Beside the table of endpoints: the same answer to everybody, whatever they carry, except where `signedIn` says more. */
interface OtherDoor {
  /** As in the server's code; a path in `<>` is mounted, and everything below it goes there. */
  route: string;
  method: string;
  path: string;
  body?: unknown;
  answer: number;
  signedIn?: number;
}

export const otherDoors: readonly OtherDoor[] = [
  { method: "GET", route: "/healthz", path: "/healthz", answer: 200 },
  { method: "GET", route: "/readyz", path: "/readyz", answer: 200 },
  // To direct requests of this machine, as the tests make them.
  { method: "GET", route: "/metrics", path: "/metrics", answer: 200 },
  { method: "GET", route: "/api/v1/openapi.json", path: "/api/v1/openapi.json", answer: 200 },
  {
    method: "POST",
    route: "/graphql",
    path: "/graphql",
    body: { query: "{ __typename }" },
    answer: 401,
    // What each field answers says graphql-table.ts.
    signedIn: 200,
  },
  { method: "GET", route: "</graphql>", path: "/graphql?query=%7B__typename%7D", answer: 404 },
  { method: "GET", route: "/auth/sign-in", path: "/auth/sign-in", answer: 302 },
  { method: "GET", route: "/auth/callback", path: "/auth/callback?code=c&state=s", answer: 401 },
  { method: "GET", route: "/auth/organization", path: "/auth/organization", answer: 401 },
  { method: "POST", route: "/auth/organization", path: "/auth/organization", answer: 403 },
  {
    method: "POST",
    route: "/auth/switch-organization",
    path: "/auth/switch-organization",
    body: { organizationId: "org_any" },
    answer: 401,
    // Only a browser's session moves.
    signedIn: 403,
  },
  { method: "POST", route: "/auth/sign-out", path: "/auth/sign-out", answer: 403 },
  { method: "GET", route: "</local-sign-in>", path: "/local-sign-in/nothing", answer: 404 },
  { method: "GET", route: "</assets>", path: "/assets/nothing.js", answer: 404 },
  { method: "GET", route: "/{*path}", path: "/nothing.txt", answer: 404 },
  { method: "GET", route: "</api>", path: "/api/v1/nothing", answer: 404 },
  { method: "GET", route: "</auth>", path: "/auth/nothing", answer: 404 },
  { method: "POST", route: "</webhooks>", path: "/webhooks/nothing", answer: 404 },
  { method: "GET", route: "</socket.io>", path: "/socket.io", answer: 404 },
  { method: "GET", route: "</notes>", path: "/notes", answer: 404 },
];
