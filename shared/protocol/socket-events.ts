// Every Socket.IO event with its schema; a gateway parses each of them and answers refusals as `{error}`.
import { z } from "zod";
import { meetingIdSchema, messageIdSchema, promptIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { clientKeySchema } from "../schemas/common.ts";
import { meetingSchema, meetingStateSchema, participantSchema } from "../schemas/meetings.ts";
import {
  changeMessageSchema,
  messageChangeSchema,
  messageSchema,
  sendMessageSchema,
} from "../schemas/messages.ts";
import { promptFeedbackValueSchema, promptSchema } from "../schemas/prompts.ts";
import { correctionSchema } from "../schemas/transcript-corrections.ts";
import { appendedSchema, appendChunkSchema, transcriptChunkSchema } from "../schemas/transcripts.ts";

export const socketErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.unknown().optional(),
    /** Seconds after which a retry makes sense: with RATE_LIMITED, UNAVAILABLE and whatever else passes by itself. */
    retryAfter: z.number().int().min(1).optional(),
  }),
});
export type SocketError = z.infer<typeof socketErrorSchema>;

const meetingOnly = z.object({ meetingId: meetingIdSchema });

/** What a person shows of their devices; others see it beside the name. */
export const mediaStateSchema = z.object({
  microphone: z.boolean(),
  camera: z.boolean(),
  screen: z.boolean(),
  hand: z.boolean(),
  /** This person's words are being transcribed on their own device. */
  transcribing: z.boolean(),
});
export type MediaState = z.infer<typeof mediaStateSchema>;

/** One browser tab in the call; a person may have several. */
export const callPeerSchema = z.object({
  peerId: z.string(),
  userId: userIdSchema,
  displayName: z.string(),
  media: mediaStateSchema,
});
export type CallPeer = z.infer<typeof callPeerSchema>;

export const signalSchema = z.object({
  kind: z.enum(["description", "candidate"]),
  /** RTCSessionDescriptionInit or RTCIceCandidateInit as JSON text; relayed, never read by the server. */
  payload: z.string().max(limits.signalMaxBytes),
});

export const clientEvents = {
  "meeting:join": {
    input: meetingOnly.extend({ fromSequence: z.number().int().min(0).optional() }),
    ack: z.object({
      meeting: meetingSchema,
      participants: z.array(participantSchema),
      state: meetingStateSchema,
      chunks: z.array(transcriptChunkSchema),
      /** The meeting's highest sequence; where `chunks` ends before it, page on by HTTP. */
      lastSequence: z.number().int(),
      /** The latest correction that is in `chunks`. */
      revision: z.number().int(),
    }),
  },
  "meeting:leave": { input: meetingOnly, ack: z.object({ ok: z.literal(true) }) },
  "transcript:append": {
    input: meetingOnly.extend({
      chunks: z.array(appendChunkSchema).min(1).max(limits.transcriptAppendMaxChunks),
    }),
    ack: appendedSchema,
  },
  "chat:send": {
    input: sendMessageSchema.safeExtend({ meetingId: meetingIdSchema }),
    ack: z.object({ sequence: z.number().int() }),
  },
  /** Edits or deletes a message, or reacts to it. */
  "chat:change": {
    input: changeMessageSchema.extend({ meetingId: meetingIdSchema, messageId: messageIdSchema }),
    ack: z.object({ sequence: z.number().int() }),
  },
  "prompt:feedback": {
    input: meetingOnly.extend({
      promptId: promptIdSchema,
      feedback: promptFeedbackValueSchema,
      /** A repeated event with the same key is done once and answered the same, for 24 hours. */
      idempotencyKey: clientKeySchema.optional(),
    }),
    ack: z.object({ ok: z.literal(true) }),
  },
  "live:subscribe": {
    input: z.object({
      /** Chosen by the client, names the subscription in updates. */
      id: z.string().min(1).max(100).optional(),
      query: z.string().max(100),
      // No query takes a list or an object; what is nested deep enough overflows whoever writes it down again.
      args: z
        .record(z.string(), z.unknown())
        .refine(
          (args) => Object.values(args).every((value) => typeof value !== "object" || value === null),
          "Arguments are single values.",
        )
        .default({}),
      cursor: z.string().max(200).optional(),
    }),
    ack: z.object({ id: z.string(), snapshot: z.unknown(), cursor: z.string().nullable() }),
  },
  "live:unsubscribe": {
    input: z.object({ id: z.string().max(100) }),
    ack: z.object({ ok: z.literal(true) }),
  },
  "call:enter": {
    input: meetingOnly.extend({ media: mediaStateSchema }),
    ack: z.object({ peerId: z.string(), peers: z.array(callPeerSchema) }),
  },
  "call:media": {
    input: meetingOnly.extend({ media: mediaStateSchema }),
    ack: z.object({ ok: z.literal(true) }),
  },
  "call:leave": { input: meetingOnly, ack: z.object({ ok: z.literal(true) }) },
  "call:signal": {
    input: meetingOnly.extend({ toPeerId: z.string().max(64), signal: signalSchema }),
    ack: z.object({ ok: z.literal(true) }),
  },
} as const;

export const serverEvents = {
  "transcript:chunks": meetingOnly.extend({ chunks: z.array(transcriptChunkSchema) }),
  /** To be applied to every line it touches; where its revision is not the next one, read the transcript again. */
  "transcript:corrected": meetingOnly.extend({ correction: correctionSchema }),
  "chat:message": meetingOnly.extend({ message: messageSchema }),
  /** Numbered as messages are; where its sequence is not the next one, read the chat from there. */
  "chat:changed": meetingOnly.extend({ change: messageChangeSchema }),
  "participant:changed": meetingOnly.extend({ participants: z.array(participantSchema) }),
  "meeting:state": meetingOnly.extend({ meeting: meetingSchema, state: meetingStateSchema }),
  "prompt:new": meetingOnly.extend({ prompt: promptSchema }),
  "live:update": z.object({
    id: z.string(),
    snapshot: z.unknown(),
    cursor: z.string().nullable(),
    /** The subscription has ended: what it showed may not be seen any more. `snapshot` and `cursor` are null then. */
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  "access:revoked": meetingOnly.extend({ reason: z.string() }),
  /** The whole list of call peers after any change: small, and immune to lost steps. */
  "call:peers": meetingOnly.extend({ peers: z.array(callPeerSchema) }),
  "call:signal": meetingOnly.extend({ fromPeerId: z.string(), signal: signalSchema }),
} as const;

export type ClientEventName = keyof typeof clientEvents;
export type ClientEventInput<Name extends ClientEventName> = z.input<(typeof clientEvents)[Name]["input"]>;
export type ClientEventParsed<Name extends ClientEventName> = z.output<(typeof clientEvents)[Name]["input"]>;
export type ClientEventAck<Name extends ClientEventName> = z.output<(typeof clientEvents)[Name]["ack"]>;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEventPayload<Name extends ServerEventName> = z.output<(typeof serverEvents)[Name]>;
