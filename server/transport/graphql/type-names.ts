// What types are called that are made of shared schemas; what is not named here is called by its place.
import type { z } from "zod";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import {
  applicationSummarySchema,
  applicationViewSchema,
  timelineEntrySchema,
} from "../../../shared/schemas/career/applications.ts";
import { evidenceScoreSchema } from "../../../shared/schemas/career/bullets.ts";
import {
  applicationStatusSchema,
  evidenceTierSchema,
  parentTypeSchema,
  postingStatusSchema,
  requirementTypeSchema,
  rewriteIntentSchema,
  runStageSchema,
  runStatusSchema,
} from "../../../shared/schemas/career/enums.ts";
import { postingSummarySchema, rubricMakerSchema } from "../../../shared/schemas/career/postings.ts";
import {
  awardEntrySchema,
  currentResumeSchema,
  educationEntrySchema,
  resumeBulletInputSchema,
  skillsSchema,
} from "../../../shared/schemas/career/resume.ts";
import { resumeSummarySchema } from "../../../shared/schemas/career/resumes.ts";
import { rubricSchema } from "../../../shared/schemas/career/rubric.ts";
import {
  coverageCountsSchema,
  runSummarySchema,
  runTailoredSchema,
} from "../../../shared/schemas/career/runs.ts";
import {
  selectedBulletSchema,
  selectionConfigSchema,
  selectionPlanSchema,
} from "../../../shared/schemas/career/selection.ts";
import { tailoredBulletSchema } from "../../../shared/schemas/career/tailored.ts";
import {
  actionItemSchema,
  citationSchema,
  citedTextSchema,
  insightSchema,
  insightStatusSchema,
  recommendationSchema,
  sharedLinkSchema,
} from "../../../shared/schemas/insights.ts";
import {
  commitmentSchema,
  meetingLifecycleSchema,
  meetingRoleSchema,
  meetingSchema,
  participantSchema,
  presenceSchema,
  recapDeliverySchema,
} from "../../../shared/schemas/meetings.ts";
import { notesLayerSchema } from "../../../shared/schemas/notes.ts";
import {
  milestoneSchema,
  planProgressSchema,
  planSchema,
  planSkillSchema,
  planStatusSchema,
} from "../../../shared/schemas/plans.ts";
import { transcriptChunkSchema, transcriptSourceSchema } from "../../../shared/schemas/transcripts.ts";
import { runSchemas } from "./fields.ts";

export const typeNames: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [endpoints.me.response, "Me"],
  [meetingSchema, "Meeting"],
  [endpoints.listMeetings.response, "MeetingPage"],
  [participantSchema, "Participant"],
  [meetingRoleSchema, "MeetingRole"],
  [meetingLifecycleSchema, "MeetingLifecycle"],
  [presenceSchema, "Presence"],
  [recapDeliverySchema, "RecapDelivery"],
  [commitmentSchema, "Commitment"],
  [endpoints.readNotes.response, "Notes"],
  [notesLayerSchema, "NotesLayer"],
  [endpoints.readTranscript.response, "TranscriptPage"],
  [transcriptChunkSchema, "TranscriptLine"],
  [transcriptSourceSchema, "TranscriptSource"],
  [endpoints.recap.response, "Recap"],
  [insightSchema, "Insight"],
  [insightStatusSchema, "InsightStatus"],
  [citedTextSchema, "CitedText"],
  [citationSchema, "Citation"],
  [actionItemSchema, "ActionItem"],
  [recommendationSchema, "Recommendation"],
  [sharedLinkSchema, "SharedLink"],
  [endpoints.listResumes.response, "ResumeList"],
  [resumeSummarySchema, "ResumeSummary"],
  [endpoints.getResume.response, "Resume"],
  [currentResumeSchema, "ResumeContent"],
  [resumeBulletInputSchema, "ResumeBullet"],
  [skillsSchema, "Skills"],
  [educationEntrySchema, "Education"],
  [awardEntrySchema, "Award"],
  [evidenceScoreSchema, "EvidenceScore"],
  [evidenceTierSchema, "EvidenceTier"],
  [endpoints.listPostings.response, "PostingPage"],
  [postingSummarySchema, "PostingSummary"],
  [postingStatusSchema, "PostingStatus"],
  [endpoints.getPosting.response, "Posting"],
  [endpoints.postingRubric.response, "PostingRubric"],
  [rubricMakerSchema, "RubricMaker"],
  [rubricSchema, "Rubric"],
  [requirementTypeSchema, "RequirementType"],
  [endpoints.applicationBoard.response, "ApplicationBoard"],
  [applicationSummarySchema, "ApplicationSummary"],
  [applicationStatusSchema, "ApplicationStatus"],
  [applicationViewSchema, "Application"],
  [timelineEntrySchema, "TimelineEntry"],
  [endpoints.listCareerRuns.response, "RunPage"],
  [runSummarySchema, "RunSummary"],
  [runSchemas.run, "Run"],
  [runSchemas.runFile, "RunFile"],
  [runStageSchema, "RunStage"],
  [runStatusSchema, "RunStatus"],
  [coverageCountsSchema, "CoverageCounts"],
  [runTailoredSchema, "TailoredResume"],
  [tailoredBulletSchema, "TailoredBullet"],
  [selectionConfigSchema, "SelectionConfig"],
  [selectionPlanSchema, "SelectionPlan"],
  [selectedBulletSchema, "SelectedBullet"],
  [parentTypeSchema, "ParentType"],
  [rewriteIntentSchema, "RewriteIntent"],
  [planSchema, "DevelopmentPlan"],
  [planProgressSchema, "PlanProgress"],
  [planSkillSchema, "PlanSkill"],
  [planStatusSchema, "PlanStatus"],
  [milestoneSchema, "Milestone"],
]);
