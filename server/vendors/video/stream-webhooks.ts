// What Stream tells by webhook: proved by its signature over the body as it was before compression, and read as far as anybody listens.
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { StreamDelivery } from "../../../shared/schemas/video.ts";
import type { StreamConfig } from "../../platform/config-video.ts";
import { assertBodySignature } from "../../platform/webhook-signature.ts";
import type { VideoEvent } from "./index.ts";
import { streamCallType } from "./stream.ts";

export interface ReceivedWebhook {
  body: Buffer;
  signature: string | undefined;
  /** Of the request; neither is signed. */
  apiKey: string | undefined;
  webhookId: string | undefined;
}

/**
 * Throws UNAUTHENTICATED, PAYLOAD_TOO_LARGE, MALFORMED_REQUEST. Not by Stream's own client, which unpacks without bounds
 * before it looks at the signature.
 */
export function openStreamWebhook(
  received: ReceivedWebhook,
  { apiKey, secret }: Pick<StreamConfig, "apiKey" | "secret">,
): StreamDelivery {
  const body = unpacked(received.body);
  assertBodySignature({ header: received.signature, body, secrets: [secret] });
  if (received.apiKey !== apiKey)
    throw new AppError("UNAUTHENTICATED", "This delivery is of another app: X-API-KEY must be this one's.");
  // Whoever has caught a delivery can give it another id, which nobody signs, but not another body.
  const ids = [`body:${createHash("sha256").update(body).digest("hex")}`];
  const { webhookId } = received;
  if (webhookId !== undefined && /^[\w.:-]{1,100}$/.test(webhookId)) ids.push(`id:${webhookId}`);
  try {
    return {
      ids,
      event: eventSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body))),
    };
  } catch (error) {
    throw new AppError("MALFORMED_REQUEST", "The body is not an event of Stream in JSON.", { cause: error });
  }
}

function unpacked(body: Buffer): Buffer {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: limits.httpBodyMaxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new AppError("PAYLOAD_TOO_LARGE", "The body is too large once unpacked.", { cause: error });
    throw new AppError("MALFORMED_REQUEST", "The body is not valid gzip.", { cause: error });
  }
}

const eventSchema = z.looseObject({ type: z.string().max(100) });
const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value));
const ourCall = z
  .object({ call_cid: z.string(), created_at: time })
  .transform(({ call_cid: cid, created_at: saidAt }, context) => {
    const [type, id, ...rest] = cid.split(":");
    const meetingId = meetingIdSchema.safeParse(id);
    if (type === streamCallType && rest.length === 0 && meetingId.success)
      return { meetingId: meetingId.data, saidAt };
    context.addIssue({ code: "custom", message: "not one of ours" });
    return z.NEVER;
  });
const captionSchema = z.object({
  closed_caption: z.object({
    id: z.string().min(1).max(500),
    speaker_id: userIdSchema,
    text: z.string().trim().min(1).max(limits.chunkTextMaxChars),
    start_time: time,
    end_time: time,
    translated: z.boolean().optional(),
  }),
});
const participantSchema = z.object({ participant: z.object({ user: z.object({ id: userIdSchema }) }) });
const said = {
  "call.ended": "ended",
  "call.recording_ready": "recording-ready",
  "call.transcription_ready": "transcription-ready",
} as const;

const other: VideoEvent = { kind: "other" };

/** What nobody listens to, and what cannot be read, is `other`: it is acknowledged, or Stream would send it again. */
export function videoEventOf(event: StreamDelivery["event"]): VideoEvent {
  const ours = ourCall.safeParse(event);
  if (!ours.success) return other;
  const { type } = event;
  if (type === "call.closed_caption") {
    const caption = captionSchema.safeParse(event).data?.closed_caption;
    // Translations are of lines that come themselves.
    if (caption === undefined || caption.translated === true) return other;
    const { id, speaker_id: speakerId, text, start_time: startsAt, end_time: endsAt } = caption;
    return { kind: "caption", ...ours.data, caption: { id, speakerId, text, startsAt, endsAt } };
  }
  if (type === "call.session_participant_joined" || type === "call.session_participant_left") {
    const userId = participantSchema.safeParse(event).data?.participant.user.id;
    if (userId === undefined) return other;
    return { kind: type.endsWith("joined") ? "joined" : "left", ...ours.data, userId };
  }
  const what = Object.hasOwn(said, type) ? said[type as keyof typeof said] : undefined;
  return what === undefined ? other : { kind: "said", ...ours.data, what };
}
