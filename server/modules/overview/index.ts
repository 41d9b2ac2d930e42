// An organisation's calls in figures of many people: attendance, commitments, ratings; nobody's name, nothing said.
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId } from "../../../shared/ids.ts";
import type { Overview, OverviewQuery } from "../../../shared/schemas/overview.ts";

export { createOverviewModule } from "./overview.service.ts";

export interface OverviewService {
  /** Of the organisation of the actor's session. Throws FORBIDDEN to others than its administrators, as does `csv`. */
  report(actor: Actor, query: OverviewQuery): Promise<Overview>;
  csv(actor: Actor, query: OverviewQuery): Promise<string>;
  /** Counts what is complete and not counted yet, of a year; safe to be called by several processes at once. */
  count(orgId: OrgId): Promise<void>;
  /** Counts everything of a year anew from what is stored now. */
  recount(orgId: OrgId): Promise<void>;
  /** Counts for all organisations once an hour from now on. */
  start(): void;
  stop(): Promise<void>;
}
