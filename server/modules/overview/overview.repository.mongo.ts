// Counted periods in the store, one document an organisation and period; written once.
import mongoose from "mongoose";
import type { OrgId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { CountedBlock, CountedWeek } from "./overview.count.ts";
import type { Period } from "./overview.periods.ts";

export type CountedPeriod =
  ({ kind: "week"; counted: CountedWeek } & Times) | ({ kind: "block"; counted: CountedBlock } & Times);
type Times = Pick<Period, "from" | "to">;

export interface OverviewRepository {
  /** Those that begin at `from` or later. */
  since(orgId: OrgId, from: Date): Promise<CountedPeriod[]>;
  /** Leaves what is there as it is. */
  keep(orgId: OrgId, period: CountedPeriod, now: Date): Promise<void>;
  forget(orgId: OrgId): Promise<void>;
}

interface PeriodDocument {
  /** Organisation, kind and beginning: nothing is counted twice. */
  _id: string;
  orgId: string;
  kind: "week" | "block";
  from: Date;
  to: Date;
  counted: CountedWeek | CountedBlock;
  countedAt: Date;
}

const periodSchema = new mongoose.Schema<PeriodDocument>(
  {
    _id: { type: String, required: true },
    orgId: { type: String, required: true },
    kind: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    counted: { type: mongoose.Schema.Types.Mixed, required: true },
    countedAt: { type: Date, required: true },
  },
  { collection: "overviewPeriods", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
).index({ orgId: 1, from: 1 });

export async function createOverviewRepository(connection: mongoose.Connection): Promise<OverviewRepository> {
  const periods = connection.model<PeriodDocument>("OverviewPeriod", periodSchema);
  await createIndexes(periods);
  return {
    async since(orgId, from) {
      const found = await periods
        .find({ orgId, from: { $gte: from } })
        .sort({ from: 1 })
        .lean<PeriodDocument[]>();
      return found.map(
        ({ kind, from: begin, to, counted }) => ({ kind, from: begin, to, counted }) as CountedPeriod,
      );
    },

    async keep(orgId, { kind, from, to, counted }, now) {
      await periods.updateOne(
        { _id: `${orgId}/${kind}/${from.toISOString()}` },
        { $setOnInsert: { orgId, kind, from, to, counted, countedAt: now } },
        { upsert: true },
      );
    },

    async forget(orgId) {
      await periods.deleteMany({ orgId });
    },
  };
}
