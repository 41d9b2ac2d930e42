// The overview as use cases: counting periods that are complete, and showing what may be shown of them.
import type mongoose from "mongoose";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { OrgId } from "../../../shared/ids.ts";
import type { Overview } from "../../../shared/schemas/overview.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { InsightsService } from "../insights/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { RatingsService } from "../ratings/index.ts";
import type { OverviewService } from "./index.ts";
import { countBlock, countWeek } from "./overview.count.ts";
import { overviewCsv } from "./overview.csv.ts";
import { shownBlock, shownWeek, threshold } from "./overview.disclosure.ts";
import { countablePeriods, countedUntil, settledAt, type Period } from "./overview.periods.ts";
import { createOverviewRepository, type CountedPeriod } from "./overview.repository.mongo.ts";

const weeksKept = 52;
const roundEveryMs = 60 * 60 * 1_000;
const meetingsAtOnce = 200;

export async function createOverviewModule(options: {
  connection: mongoose.Connection;
  meetings: Pick<MeetingsService, "attended">;
  insights: Pick<InsightsService, "commitmentsOf">;
  ratings: Pick<RatingsService, "scoresOf">;
  organizations: Pick<OrganizationsService, "ids">;
  clock: Clock;
  metrics: Metrics;
  logger: Logger;
}): Promise<OverviewService> {
  const { meetings, insights, ratings, organizations, clock, logger } = options;
  const repository = await createOverviewRepository(options.connection);
  const seconds = options.metrics.histogram(
    "overview_count_seconds",
    "Counting one period of an organisation's overview",
    ["kind"],
  );
  let cancel: (() => void) | null = null;
  let round: Promise<void> = Promise.resolve();
  let stopped = false;

  async function countPeriod(orgId: OrgId, { kind, from, to }: Period): Promise<CountedPeriod> {
    const attended = await meetings.attended(orgId, { from, to });
    if (kind === "week") return { kind, from, to, counted: countWeek(attended) };
    const commitments = [];
    const scores = [];
    for (let at = 0; at < attended.length; at += meetingsAtOnce) {
      const some = attended.slice(at, at + meetingsAtOnce).map(({ id }) => id);
      commitments.push(...(await insights.commitmentsOf(some)));
      scores.push(...(await ratings.scoresOf(some)));
    }
    return { kind, from, to, counted: countBlock(commitments, scores, settledAt(to)) };
  }

  /** What can be counted of these weeks, counted; oldest first. */
  async function counted(orgId: OrgId, weeks: number): Promise<CountedPeriod[]> {
    const wanted = countablePeriods(clock.now(), weeks);
    const [oldest] = wanted;
    if (oldest === undefined) return [];
    const keyOf = ({ kind, from }: Pick<Period, "kind" | "from">) => `${kind}/${from.toISOString()}`;
    const known = new Set((await repository.since(orgId, oldest.from)).map(keyOf));
    for (const period of wanted) {
      if (known.has(keyOf(period))) continue;
      if (stopped) throw new AppError("SHUTTING_DOWN", "The server is stopping. Please try again.");
      const startedMs = clock.monotonicMs();
      await repository.keep(orgId, await countPeriod(orgId, period), clock.now());
      seconds.observe({ kind: period.kind }, (clock.monotonicMs() - startedMs) / 1_000);
    }
    const keys = new Set(wanted.map(keyOf));
    return (await repository.since(orgId, oldest.from)).filter((period) => keys.has(keyOf(period)));
  }

  async function countAll(): Promise<void> {
    for (const orgId of await organizations.ids()) {
      if (stopped) return;
      await counted(orgId, weeksKept);
    }
  }

  function schedule(): void {
    cancel = clock.schedule(roundEveryMs, () => {
      round = countAll().catch((error: unknown) => {
        if (!stopped) logger.warn({ error: error as Error }, "the overview could not be counted");
      });
      schedule();
    });
  }

  async function report(actor: Actor, { weeks }: { weeks: number }): Promise<Overview> {
    if (!isOrgAdmin(actor)) {
      throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
    }
    const periods = await counted(actor.orgId, weeks);
    const { until, nextAt } = countedUntil(clock.now());
    return {
      rule: threshold,
      countedUntil: until.toISOString(),
      nextAt: nextAt.toISOString(),
      weeks: periods.flatMap((period) =>
        period.kind === "week" ? shownWeek(period.counted, timesOf(period)) : [],
      ),
      blocks: periods.flatMap((period) =>
        period.kind === "block" ? shownBlock(period.counted, timesOf(period)) : [],
      ),
    };
  }

  return {
    report,
    csv: async (actor, query) => overviewCsv(await report(actor, query)),
    async count(orgId) {
      await counted(orgId, weeksKept);
    },
    async recount(orgId) {
      await repository.forget(orgId);
      await counted(orgId, weeksKept);
    },
    start() {
      if (cancel === null) schedule();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await round;
    },
  };
}

function timesOf({ from, to }: Pick<Period, "from" | "to">): Record<"from" | "to", string> {
  return { from: from.toISOString(), to: to.toISOString() };
}
