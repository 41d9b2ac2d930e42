// The routes of the emulated WorkOS by which a product manages people, organisations, invitations and sessions.
import { z } from "zod";
import { emailSchema } from "../../../../shared/schemas/common.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Authority } from "./authority.ts";
import type { LocalDirectory } from "./directory.ts";
import { ApiRefusal, notThere } from "./errors.ts";
import type { EventLog } from "./events.ts";
import type { OrganizationsAuthority } from "./organizations.ts";
import {
  presentInvitation,
  presentMembership,
  presentOrganization,
  presentSession,
  presentUser,
} from "./present.ts";

const roleSchema = z.string().min(1).max(50);
const newUserSchema = z.object({
  email: emailSchema,
  first_name: z.string().max(100).nullish(),
  last_name: z.string().max(100).nullish(),
});
const changedUserSchema = newUserSchema.omit({ email: true });
const organizationSchema = z.object({ name: z.string().min(1).max(100) });
const newMembershipSchema = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  role_slug: roleSchema.optional(),
});
const changedMembershipSchema = z.object({ role_slug: roleSchema });
const newInvitationSchema = z.object({
  email: emailSchema,
  organization_id: z.string(),
  expires_in_days: z.number().int().min(1).max(30).default(7),
  inviter_user_id: z.string().nullish(),
  role_slug: roleSchema.optional(),
});
const revokeSchema = z.object({ session_id: z.string() });
const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).default("desc"),
});
const eventsSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).default("asc"),
  range_start: z.iso.datetime({ offset: true }).optional(),
  range_end: z.iso.datetime({ offset: true }).optional(),
  organization_id: z.string().optional(),
});

export interface ManagementParts {
  authority: Authority;
  organizations: OrganizationsAuthority;
  directory: LocalDirectory;
  log: EventLog;
  clock: Clock;
  /** Where a person accepts an invitation. */
  acceptUrl: () => string;
}

interface Call {
  id: string;
  query: URLSearchParams;
  body: unknown;
}

interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  pattern: RegExp;
  run(parts: ManagementParts, call: Call): unknown;
}

const route = (method: Route["method"], path: string, run: Route["run"]): Route => ({
  method,
  pattern: new RegExp(`^${path.replace(":id", "([^/]+)")}$`),
  run,
});

const nameOf = ({ first_name, last_name }: z.infer<typeof changedUserSchema>) =>
  [first_name, last_name].filter(Boolean).join(" ");
const invitation = ({ clock, acceptUrl }: ManagementParts) => ({ now: clock.now(), acceptUrl: acceptUrl() });

export const managementRoutes: readonly Route[] = [
  route("GET", "/user_management/users", ({ directory }, { query }) => {
    const [email, orgId] = [query.get("email")?.toLowerCase(), query.get("organization_id")];
    const members = new Set(
      [...directory.memberships.values()]
        .filter(({ organizationId }) => organizationId === orgId)
        .map(({ userId }) => userId),
    );
    const fitting = [...directory.users.values()].filter(
      (user) => (email === undefined || user.email === email) && (orgId === null || members.has(user.id)),
    );
    return page(fitting, query, presentUser);
  }),
  route("POST", "/user_management/users", async ({ authority }, { body }) => {
    const input = newUserSchema.parse(body);
    const name = nameOf(input);
    return presentUser(await authority.ensureUser(input.email, name === "" ? null : name));
  }),
  route("GET", "/user_management/users/:id", ({ directory }, { id }) =>
    presentUser(found(directory.users.get(id), "User")),
  ),
  route("PUT", "/user_management/users/:id", async ({ authority }, { id, body }) =>
    presentUser(await authority.updateUser(id, nameOf(changedUserSchema.parse(body)))),
  ),
  route("DELETE", "/user_management/users/:id", ({ authority }, { id }) => authority.deleteUser(id)),
  route("GET", "/user_management/users/:id/sessions", ({ authority }, { id, query }) =>
    page(authority.sessionsOf(id), query, (session) => presentSession(session, null)),
  ),
  route("POST", "/user_management/sessions/revoke", async ({ authority }, { body }) => {
    if (!(await authority.endSession(revokeSchema.parse(body).session_id))) throw notThere("Session");
    return {};
  }),

  route("GET", "/organizations", ({ directory }, { query }) =>
    page([...directory.organizations.values()], query, presentOrganization),
  ),
  route("POST", "/organizations", async ({ organizations }, { body }) =>
    presentOrganization(await organizations.ensureOrganization(organizationSchema.parse(body).name)),
  ),
  route("GET", "/organizations/:id", ({ directory }, { id }) =>
    presentOrganization(found(directory.organizations.get(id), "Organization")),
  ),
  route("PUT", "/organizations/:id", async ({ organizations }, { id, body }) =>
    presentOrganization(await organizations.renameOrganization(id, organizationSchema.parse(body).name)),
  ),
  route("DELETE", "/organizations/:id", ({ organizations }, { id }) => organizations.deleteOrganization(id)),

  route("GET", "/user_management/organization_memberships", ({ directory }, { query }) => {
    const [userId, orgId] = [query.get("user_id"), query.get("organization_id")];
    if (userId === null && orgId === null) {
      throw new ApiRefusal(422, "invalid_request_parameters", "Name a user or an organization.");
    }
    // As at WorkOS: who is shut out is shown only where it is asked for.
    const statuses = (query.get("statuses") ?? "active").split(",");
    const fitting = [...directory.memberships.values()].filter(
      (one) =>
        (userId === null || one.userId === userId) &&
        (orgId === null || one.organizationId === orgId) &&
        statuses.includes(one.status),
    );
    return page(fitting, query, (one) => presentMembership(directory, one));
  }),
  route("POST", "/user_management/organization_memberships", async (parts, { body }) => {
    const input = newMembershipSchema.parse(body);
    const { user_id, organization_id, role_slug } = input;
    const made = await parts.organizations.createMembership(user_id, organization_id, role_slug);
    return presentMembership(parts.directory, made);
  }),
  route("GET", "/user_management/organization_memberships/:id", ({ directory }, { id }) =>
    presentMembership(directory, found(directory.memberships.get(id), "Organization membership")),
  ),
  route("PUT", "/user_management/organization_memberships/:id", async (parts, { id, body }) => {
    const role = changedMembershipSchema.parse(body).role_slug;
    return presentMembership(parts.directory, await parts.organizations.changeMembership(id, { role }));
  }),
  route("PUT", "/user_management/organization_memberships/:id/deactivate", async (parts, { id }) =>
    presentMembership(
      parts.directory,
      await parts.organizations.changeMembership(id, { status: "inactive" }),
    ),
  ),
  route("PUT", "/user_management/organization_memberships/:id/reactivate", async (parts, { id }) =>
    presentMembership(parts.directory, await parts.organizations.changeMembership(id, { status: "active" })),
  ),
  route("DELETE", "/user_management/organization_memberships/:id", ({ organizations }, { id }) =>
    organizations.removeMembership(id),
  ),

  route("GET", "/user_management/invitations", (parts, { query }) => {
    const [email, orgId] = [query.get("email")?.toLowerCase(), query.get("organization_id")];
    const fitting = [...parts.directory.invitations.values()].filter(
      (one) =>
        (email === undefined || one.email === email) && (orgId === null || one.organizationId === orgId),
    );
    return page(fitting, query, (one) => presentInvitation(one, invitation(parts)));
  }),
  route("POST", "/user_management/invitations", async (parts, { body }) => {
    const input = newInvitationSchema.parse(body);
    const made = await parts.organizations.invite({
      email: input.email,
      organizationId: input.organization_id,
      role: input.role_slug,
      inviterUserId: input.inviter_user_id ?? null,
      days: input.expires_in_days,
    });
    return presentInvitation(made, invitation(parts));
  }),
  route("GET", "/user_management/invitations/by_token/:id", (parts, { id }) =>
    presentInvitation(
      found(parts.organizations.invitationByToken(id) ?? undefined, "Invitation"),
      invitation(parts),
    ),
  ),
  route("GET", "/user_management/invitations/:id", (parts, { id }) =>
    presentInvitation(found(parts.directory.invitations.get(id), "Invitation"), invitation(parts)),
  ),
  route("POST", "/user_management/invitations/:id/revoke", async (parts, { id }) =>
    presentInvitation(await parts.organizations.revokeInvitation(id), invitation(parts)),
  ),

  route("GET", "/events", async ({ log }, { query }) => {
    const input = eventsSchema.parse(Object.fromEntries(query));
    const names = [...query]
      .filter(([name]) => name === "events" || name === "events[]")
      .flatMap(([, value]) => value.split(","));
    if (names.length === 0) {
      throw new ApiRefusal(422, "invalid_request_parameters", "Name the events that are wanted.");
    }
    const listed = await log.list({
      names,
      after: input.after ?? null,
      rangeStart: isoOf(input.range_start),
      rangeEnd: isoOf(input.range_end),
      limit: input.limit,
      order: input.order,
      organizationId: input.organization_id ?? null,
    });
    if (listed === null) {
      throw new ApiRefusal(400, "invalid_request_parameters", "The event named by after is not known.", {
        errors: [{ field: "after", code: "not_found" }],
      });
    }
    const last = listed.more ? (listed.events.at(-1)?.id ?? null) : null;
    return {
      object: "list",
      data: listed.events.map((event) => ({ object: "event", ...event })),
      list_metadata: { after: last },
    };
  }),
];

function isoOf(stamp: string | undefined): string | null {
  return stamp === undefined ? null : new Date(stamp).toISOString();
}

function found<Item>(item: Item | undefined, what: string): Item {
  if (item === undefined) throw notThere(what);
  return item;
}

function page<Item extends { id: string }>(
  items: Item[],
  query: URLSearchParams,
  present: (item: Item) => unknown,
) {
  const { limit, after, order } = pageSchema.parse(Object.fromEntries(query));
  const ordered = order === "asc" ? items : [...items].reverse();
  const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const shown = ordered.slice(from, from + limit);
  const more = ordered.length > from + limit;
  return {
    object: "list",
    data: shown.map(present),
    list_metadata: { before: null, after: more ? (shown.at(-1)?.id ?? null) : null },
  };
}
