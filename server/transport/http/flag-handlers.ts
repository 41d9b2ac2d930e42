// What the endpoints of feature flags do; a flag's history is what the audit log holds of it.
import { isOrgAdmin } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { AuditService } from "../../modules/audit/index.ts";
import type { FlagsService } from "../../modules/flags/index.ts";
import type { UsersService } from "../../modules/users/index.ts";
import { auditViews } from "./audit-views.ts";
import type { Handlers } from "./endpoint-router.ts";

type FlagHandlers = Pick<Handlers, "operatorFlags" | "changeFlag" | "flagHistory" | "adminFlags">;

const historyItems = 50;

export function createFlagHandlers({
  flags,
  audit,
  users,
}: {
  flags: FlagsService;
  audit: AuditService;
  users: UsersService;
}): FlagHandlers {
  return {
    operatorFlags: () => flags.list(),
    changeFlag: (actor, { params, body }) => flags.change(actor, params.key, body),
    async flagHistory(_actor, { params }) {
      const resource = { type: "flag", id: params.key, action: "flag.change" };
      const views = await auditViews(await audit.historyOf(resource, historyItems), users);
      return {
        items: views
          .filter(({ outcome }) => outcome === "done")
          .map(({ at, person, metadata }) => ({ at, person, metadata })),
      };
    },
    adminFlags(actor) {
      if (!isOrgAdmin(actor))
        throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
      return Promise.resolve(flags.forOrganization(actor.orgId));
    },
  };
}
