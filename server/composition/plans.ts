// Development plans: made here, bound to the commitments of calls, and what goes with their person beside the career's.
import type mongoose from "mongoose";
import type { CareerArea } from "../modules/career/index.ts";
import { createPlansModule, createPlansRepository, type PlansService } from "../modules/plans/index.ts";

type PlansParts = Omit<Parameters<typeof createPlansModule>[0], "repository">;

export async function createPlans(
  parts: PlansParts & { connection: mongoose.Connection },
): Promise<PlansService> {
  return createPlansModule({ ...parts, repository: await createPlansRepository(parts.connection) });
}

/** Both as one, for deletion, export and clean-up. */
export function careerWithPlans(career: CareerArea, plans: CareerArea): CareerArea {
  return {
    async removeOfPerson(userId) {
      await plans.removeOfPerson(userId);
      await career.removeOfPerson(userId);
    },
    exportOf: async (userId) => ({ ...(await career.exportOf(userId)), ...(await plans.exportOf(userId)) }),
    removeDeleted: async (before) =>
      (await plans.removeDeleted(before)) + (await career.removeDeleted(before)),
  };
}
