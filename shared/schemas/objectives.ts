// Service level objectives: what the service promises of itself, and how it has kept it. Figures only.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

export const objectiveNameSchema = z.enum([
  "api-availability",
  "api-latency",
  "transcript-durable",
  "notes-durable",
  "jobs-done",
]);
export type ObjectiveName = z.infer<typeof objectiveNameSchema>;

export const objectivesQuerySchema = z.object({
  /** How far back, in hours; up to two days in steps of five minutes, beyond that of an hour. */
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(30 * 24)
    .default(24),
});

export const objectiveSchema = z.object({
  name: objectiveNameSchema,
  /** The share of events that are to be good, e.g. 0.99. */
  target: z.number(),
  good: z.number().int(),
  total: z.number().int(),
  /** From the oldest to the newest step in which anything happened. */
  steps: z.array(z.object({ at: timestampSchema, good: z.number().int(), total: z.number().int() })),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const objectivesSchema = z.object({
  from: timestampSchema,
  to: timestampSchema,
  stepMinutes: z.number().int(),
  objectives: z.array(objectiveSchema),
});
export type Objectives = z.infer<typeof objectivesSchema>;
