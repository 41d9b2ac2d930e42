// What comes out of a call: the coach's review, ratings, recaps with their commitments, and the plans that these go on in.
import type { AiService } from "../modules/ai/index.ts";
import { createFeedbackModule } from "../modules/feedback/index.ts";
import { createInsightsModule } from "../modules/insights/index.ts";
import { createRatingsModule } from "../modules/ratings/index.ts";
import { createPlans } from "./plans.ts";

type FeedbackParts = Parameters<typeof createFeedbackModule>[0];
type InsightsParts = Parameters<typeof createInsightsModule>[0];
type Made = "feedback" | "milestones" | "forgetAnswers" | "consentsIn";

/** Registers jobs, so it is called before the jobs start. */
export async function createAfterwards({
  ai,
  ...parts
}: FeedbackParts & Omit<InsightsParts, Made> & { ai: AiService }) {
  const { forgetAnswers, consentsIn, answersIn: answers } = ai;
  const plans = await createPlans(parts);
  const feedback = await createFeedbackModule({ ...parts, consents: { answers } });
  const milestones = plans.commitments;
  const insights = await createInsightsModule({ ...parts, forgetAnswers, consentsIn, feedback, milestones });
  return { plans, feedback, insights, ratings: await createRatingsModule(parts) };
}
