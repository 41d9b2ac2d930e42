// Branded identifiers: 24 hexadecimal digits on the wire, never mixed up in code.
import { z } from "zod";

const hexId = z.string().regex(/^[0-9a-f]{24}$/, "must be an id of 24 hexadecimal digits");

export const userIdSchema = hexId.brand<"UserId">();
export const meetingIdSchema = hexId.brand<"MeetingId">();
export const promptIdSchema = hexId.brand<"PromptId">();
export const segmentIdSchema = hexId.brand<"SegmentId">();
export const messageIdSchema = hexId.brand<"MessageId">();
export const insightIdSchema = hexId.brand<"InsightId">();
export const actionItemIdSchema = hexId.brand<"ActionItemId">();
export const mailIdSchema = hexId.brand<"MailId">();
export const notesTemplateIdSchema = hexId.brand<"NotesTemplateId">();
export const fileIdSchema = hexId.brand<"FileId">();
/** A résumé from which others are made. */
export const masterResumeIdSchema = hexId.brand<"MasterResumeId">();
export const apiKeyIdSchema = hexId.brand<"ApiKeyId">();
export const postingIdSchema = hexId.brand<"PostingId">();
export const applicationIdSchema = hexId.brand<"ApplicationId">();
export const planIdSchema = hexId.brand<"PlanId">();
export const milestoneIdSchema = hexId.brand<"MilestoneId">();
/** WorkOS names organisations itself (`org_…`). */
export const orgIdSchema = z.string().min(1).max(100).brand<"OrgId">();

export type UserId = z.infer<typeof userIdSchema>;
export type MeetingId = z.infer<typeof meetingIdSchema>;
export type PromptId = z.infer<typeof promptIdSchema>;
export type SegmentId = z.infer<typeof segmentIdSchema>;
export type MessageId = z.infer<typeof messageIdSchema>;
export type InsightId = z.infer<typeof insightIdSchema>;
export type ActionItemId = z.infer<typeof actionItemIdSchema>;
export type MailId = z.infer<typeof mailIdSchema>;
export type NotesTemplateId = z.infer<typeof notesTemplateIdSchema>;
export type FileId = z.infer<typeof fileIdSchema>;
export type MasterResumeId = z.infer<typeof masterResumeIdSchema>;
export type ApiKeyId = z.infer<typeof apiKeyIdSchema>;
export type PostingId = z.infer<typeof postingIdSchema>;
export type ApplicationId = z.infer<typeof applicationIdSchema>;
export type PlanId = z.infer<typeof planIdSchema>;
export type MilestoneId = z.infer<typeof milestoneIdSchema>;
export type OrgId = z.infer<typeof orgIdSchema>;
