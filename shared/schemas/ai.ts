// Who may read people's words: what organisations and meetings have switched, and how the services behind it stand.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

/** `model`: what is configured, where people agree; `rules`: only rules, on this server; `off`: no machine at all. */
export const aiUseSchema = z.enum(["model", "rules", "off"]);
export type AiUse = z.infer<typeof aiUseSchema>;

export const aiSwitchSchema = z.object({ use: aiUseSchema });

/** Of two switches the stricter one counts. */
export function stricterUse(one: AiUse, other: AiUse): AiUse {
  const order = aiUseSchema.options;
  return order[Math.max(order.indexOf(one), order.indexOf(other))] ?? "off";
}

export const meetingAiSchema = z.object({
  /** The meeting's own switch. */
  meeting: aiUseSchema,
  /** That of the organisation it belongs to. */
  organization: aiUseSchema,
  /** What counts: the stricter one, and rules where no model is configured. */
  counts: aiUseSchema,
  /** `rules`, or the name of the model that is configured. */
  provider: z.string(),
  /** The service that can write live captions; null where none is configured. */
  speech: z
    .object({
      name: z.string(),
      /** False where the meeting or its organisation lets nothing leave this server. */
      allowed: z.boolean(),
    })
    .nullable(),
});
export type MeetingAi = z.infer<typeof meetingAiSchema>;

export const vendorStatusSchema = z.object({
  kind: z.enum(["language", "embeddings", "vectors", "speech", "video"]),
  /** `rules`, `lexical`, `memory`, `peer-to-peer`, or the name of the model or service. */
  provider: z.string(),
  /** `local` runs on this server; `off` is not configured. */
  mode: z.enum(["local", "vendor", "off"]),
  /** Null where nothing leaves this server. */
  health: z
    .object({
      circuit: z.enum(["closed", "half-open", "open"]),
      /** Since this process began. */
      succeeded: z.number().int(),
      failed: z.number().int(),
      lastSuccessAt: timestampSchema.nullable(),
      /** A code, such as timeout or http-500; never words. */
      lastFailure: z
        .object({ code: z.string(), status: z.number().int().nullable(), at: timestampSchema })
        .nullable(),
    })
    .nullable(),
});
export type VendorStatus = z.infer<typeof vendorStatusSchema>;

export const aiOverviewSchema = z.object({
  /** The organisation's switch. */
  use: aiUseSchema,
  changedAt: timestampSchema.nullable(),
  vendors: z.array(vendorStatusSchema),
  /** Of the organisation, today by UTC. */
  today: z.object({
    calls: z.number().int(),
    tokens: z.number().int(),
    cost: z.number(),
    /** 0: without end. */
    tokensMost: z.number().int(),
    costMost: z.number(),
  }),
});
export type AiOverview = z.infer<typeof aiOverviewSchema>;
