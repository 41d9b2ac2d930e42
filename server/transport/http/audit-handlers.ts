// What the endpoints of the audit log do: search, names beside ids, and files that are written while they are read.
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import type { AuditFilter } from "../../../shared/schemas/audit.ts";
import { AppError } from "../../../shared/errors.ts";
import { userIdSchema, type OrgId, type UserId } from "../../../shared/ids.ts";
import type { AuditPageQuery, AuditService } from "../../modules/audit/index.ts";
import type { UsersService } from "../../modules/users/index.ts";
import { auditCsv, auditNdjson, auditViews } from "./audit-views.ts";
import type { Handlers } from "./endpoint-router.ts";

type AuditHandlers = Pick<Handlers, "adminAudit" | "adminAuditCsv" | "adminAuditNdjson">;

/** Names nobody: an address that is not known here has done nothing. */
const nobody = "0".repeat(24) as UserId;

export function createAuditHandlers({
  audit,
  users,
}: {
  audit: AuditService;
  users: UsersService;
}): AuditHandlers {
  async function searchOf<Query extends AuditFilter>({
    person,
    ...rest
  }: Query): Promise<Omit<Query, "person"> & Pick<AuditPageQuery, "actorUserId">> {
    if (person === undefined) return rest;
    const id = userIdSchema.safeParse(person);
    return { ...rest, actorUserId: id.success ? id.data : ((await users.byEmail(person))?.id ?? nobody) };
  }

  return {
    async adminAudit(actor, { query }) {
      const { entries, nextCursor } = await audit.page(organizationOf(actor), await searchOf(query));
      return { items: await auditViews(entries, users), nextCursor };
    },
    async adminAuditCsv(actor, { query, setFilename }) {
      const pages = await audit.all(organizationOf(actor), await searchOf(query));
      setFilename("audit.csv");
      return auditCsv(pages, users);
    },
    async adminAuditNdjson(actor, { query, setFilename }) {
      const pages = await audit.all(organizationOf(actor), await searchOf(query));
      setFilename("audit.ndjson");
      return auditNdjson(pages, users);
    },
  };
}

function organizationOf(actor: Actor): OrgId {
  if (isOrgAdmin(actor)) return actor.orgId;
  throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
}
