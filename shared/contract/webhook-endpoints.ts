// The rows of the REST table that vendors call: whoever signs is let in, nobody else.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { appendedSchema, transcriptWebhookSchema } from "../schemas/transcripts.ts";
import { streamDeliverySchema } from "../schemas/video.ts";
import { endpoint } from "./endpoint.ts";

export const webhookEndpoints = {
  transcriptWebhook: endpoint({
    method: "POST",
    path: "/webhooks/transcripts/:meetingId",
    access: "webhook",
    signatureHeader: "connvo-signature",
    summary: "Append utterances that a recogniser has heard; answered after they are durable",
    params: z.object({ meetingId: meetingIdSchema }),
    body: transcriptWebhookSchema,
    response: appendedSchema,
  }),
  streamWebhook: endpoint({
    method: "POST",
    path: "/webhooks/stream",
    access: "webhook",
    signatureHeader: "x-signature",
    summary: "What happens in calls that Stream carries; repeated and reordered deliveries do no harm",
    body: streamDeliverySchema,
    response: z.object({ received: z.literal(true) }),
  }),
  workosWebhook: endpoint({
    method: "POST",
    path: "/webhooks/workos",
    access: "webhook",
    signatureHeader: "workos-signature",
    summary:
      "What happened to people, organisations and sessions at WorkOS; repeated and reordered deliveries do no harm",
    body: z.looseObject({ id: z.string(), createdAt: z.unknown() }),
    response: z.object({ received: z.literal(true) }),
  }),
} as const;
