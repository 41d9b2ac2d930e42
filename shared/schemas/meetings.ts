// Meetings, their participants and their live state.
import { z } from "zod";
import { fileIdSchema, meetingIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { builtInTemplateNames } from "../notes-templates.ts";
import { seriesRhythms } from "../series.ts";
import {
  emailSchema,
  pageQuerySchema,
  plainText,
  requiredText,
  timestampSchema,
  timeZoneSchema,
} from "./common.ts";

/** The host of a coaching call is its coach: prompts are for hosts alone. */
export const meetingRoleSchema = z.enum(["host", "participant", "observer"]);
export type MeetingRole = z.infer<typeof meetingRoleSchema>;

export const meetingLifecycleSchema = z.enum(["scheduled", "active", "concluded", "cancelled"]);
export type MeetingLifecycle = z.infer<typeof meetingLifecycleSchema>;

export const presenceSchema = z.enum(["invited", "joined", "left"]);
export type Presence = z.infer<typeof presenceSchema>;

/** One that comes with the product, or `own:<id>`: one of a person's own, which that person alone can choose. */
export const notesTemplateSchema = z.union([
  z.enum(builtInTemplateNames),
  z.templateLiteral(["own:", z.string().regex(/^[0-9a-f]{24}$/)]),
]);
export type NotesTemplate = z.infer<typeof notesTemplateSchema>;

export const recapDeliverySchema = z.enum(["automatic", "approval"]);
export type RecapDelivery = z.infer<typeof recapDeliverySchema>;

export const invitedParticipantSchema = z.object({
  email: emailSchema,
  role: meetingRoleSchema.default("participant"),
});

const scheduleShape = {
  title: requiredText(limits.titleMaxChars),
  description: plainText(limits.descriptionMaxChars).optional(),
  scheduledAt: timestampSchema.optional(),
  durationMinutes: z.number().int().min(5).max(limits.meetingMaxDurationMinutes).optional(),
  timeZone: timeZoneSchema.optional(),
  template: notesTemplateSchema.optional(),
  recapDelivery: recapDeliverySchema.optional(),
  /**
   * Refused with CONFLICT where somebody who takes part, and whom the actor may see, has something else at that time.
   * Without it a time is moved like that only where it was taken like that; false never asks.
   */
  onlyIfFree: z.boolean().optional(),
};

export const createMeetingSchema = z.object({
  ...scheduleShape,
  participants: z.array(invitedParticipantSchema).max(limits.meetingMaxParticipants).optional(),
});
export type CreateMeeting = z.infer<typeof createMeetingSchema>;

export const updateMeetingSchema = z.object(scheduleShape).partial();
export type UpdateMeeting = z.infer<typeof updateMeetingSchema>;

export const changeRoleSchema = z.object({ role: meetingRoleSchema });

export const participantSchema = z.object({
  userId: userIdSchema,
  displayName: z.string(),
  /** As in `meSchema`. */
  photo: fileIdSchema.nullable(),
  /** Shown to hosts and to the person alone. */
  email: z.string().nullable(),
  role: meetingRoleSchema,
  presence: presenceSchema,
  joinedAt: timestampSchema.nullable(),
  leftAt: timestampSchema.nullable(),
});
export type Participant = z.infer<typeof participantSchema>;

export const meetingSchema = z.object({
  id: meetingIdSchema,
  organizerId: userIdSchema,
  title: z.string(),
  description: z.string().nullable(),
  scheduledAt: timestampSchema.nullable(),
  durationMinutes: z.number().int().nullable(),
  timeZone: z.string().nullable(),
  /** Null where it stands alone. */
  series: z.object({ id: z.string(), every: z.enum(seriesRhythms) }).nullable(),
  template: notesTemplateSchema,
  recapDelivery: recapDeliverySchema,
  state: meetingLifecycleSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  myRole: meetingRoleSchema,
  participants: z.array(participantSchema),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type Meeting = z.infer<typeof meetingSchema>;

export const speakingStatSchema = z.object({
  speakerId: z.string(),
  talkMs: z.number().int(),
  words: z.number().int(),
  turns: z.number().int(),
});
export type SpeakingStat = z.infer<typeof speakingStatSchema>;

export const meetingStateSchema = z.object({
  meetingId: meetingIdSchema,
  active: z.boolean(),
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  speakingStats: z.array(speakingStatSchema),
  lullState: z
    .object({ detected: z.boolean(), lastActivityMs: z.number().int(), durationMs: z.number().int() })
    .nullable(),
  topics: z.array(z.string()),
  recordingEnabled: z.boolean(),
  updatedAt: timestampSchema,
});
export type MeetingState = z.infer<typeof meetingStateSchema>;

export const listMeetingsQuerySchema = pageQuerySchema.extend({
  state: meetingLifecycleSchema.optional(),
});

/** What the home page needs in one read. */
export const commitmentSchema = z.object({
  id: z.string(),
  meetingId: meetingIdSchema,
  meetingTitle: z.string(),
  text: z.string(),
  ownerId: userIdSchema.nullable(),
  ownerName: z.string().nullable(),
  dueText: z.string().nullable(),
  /** The day to which somebody has moved it since. */
  movedTo: z.iso.date().nullable(),
  mine: z.boolean(),
  /** Whether it is a milestone of the reader's plan. */
  milestone: z.boolean(),
  createdAt: timestampSchema,
});
export type Commitment = z.infer<typeof commitmentSchema>;

export const homeSchema = z.object({
  next: meetingSchema.nullable(),
  upcoming: z.array(meetingSchema),
  recent: z.array(meetingSchema),
  commitments: z.array(commitmentSchema),
});
export type Home = z.infer<typeof homeSchema>;
