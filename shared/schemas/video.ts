// How a browser gets sound and picture for a call.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

export const iceServerSchema = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});

/** A discriminated union, so that a further provider adds a branch and moves no wall. */
export const callAccessSchema = z.discriminatedUnion("provider", [
  z.object({
    provider: z.literal("peer-to-peer"),
    maxPeers: z.number().int(),
    iceServers: z.array(iceServerSchema),
  }),
  z.object({
    provider: z.literal("stream"),
    apiKey: z.string(),
    userId: z.string(),
    /** For this person and this call alone; asked for again before `expiresAt`. */
    token: z.string(),
    expiresAt: timestampSchema,
    callType: z.string(),
    callId: z.string(),
    maxPeers: z.number().int(),
    /** Null: the service's own. */
    baseUrl: z.string().nullable(),
  }),
]);
export type CallAccess = z.infer<typeof callAccessSchema>;

/** A webhook of Stream after its proof: what it is known by, and the event as it came. */
export const streamDeliverySchema = z.object({
  ids: z.array(z.string()).min(1),
  event: z.looseObject({ type: z.string() }),
});
export type StreamDelivery = z.infer<typeof streamDeliverySchema>;
