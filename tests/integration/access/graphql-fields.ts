// Every field of every type of the GraphQL schema that is no read of its own: it is seen by whoever is let in to what holds it. A new one needs its place here.

/** Field names by type; `graphql-table.ts` says who is let in to what. */
export const graphqlPlainFields: Readonly<Record<string, string>> = {
  ActionItem: "id text ownerId dueText movedTo done milestone citations",
  Application:
    "id posting runId masterResumeId status appliedAt responseReceivedAt interviewScheduledAt offerReceivedAt rejectedAt nextAction nextActionDue createdAt updatedAt deletedAt notes timeline",
  ApplicationBoard: "items",
  ApplicationSummary:
    "id posting runId masterResumeId status appliedAt responseReceivedAt interviewScheduledAt offerReceivedAt rejectedAt nextAction nextActionDue createdAt updatedAt deletedAt",
  ApplicationSummaryPosting: "id title company location",
  Award: "name issuer year details",
  Citation: "segmentId sequence startMs speakerId quote",
  CitedText: "text citations",
  Commitment: "id meetingId meetingTitle text ownerId ownerName dueText movedTo mine milestone createdAt",
  CoverageCounts: "mustTotal niceTotal mustCovered niceCovered",
  DevelopmentPlan:
    "id targetRole targetCompany targetTimeline skillsToDevelop milestones status progress createdAt updatedAt",
  Education: "institution degree dates location gpa links",
  EvidenceScore: "bulletId score tier breakdown fluffPenalty matchedTools matchedVerbs",
  EvidenceScoreBreakdown: "action tools outcome metric scope",
  Insight:
    "id meetingId userId outcome summary decisions actionItems recommendations links generatedBy missing createdAt",
  Me: "id email displayName photo orgId orgRole timeZone language operator impersonator",
  Meeting:
    "id organizerId title description scheduledAt durationMinutes timeZone series template recapDelivery state startedAt endedAt myRole participants createdAt updatedAt",
  MeetingPage: "items nextCursor",
  MeetingSeries: "id every",
  Milestone: "id title description targetDate completed completedDate source",
  MilestoneSource: "meetingId actionId",
  Notes: "meetingId layer content text version updatedAt",
  Participant: "userId displayName photo email role presence joinedAt leftAt",
  PlanProgress: "overallProgress timeGone milestonesCompleted milestonesLate timeRemaining onTrack",
  PlanSkill: "skill currentLevel targetLevel priority developmentTime resources progress",
  Posting:
    "id jobUrl platform title company location salary employmentType seniority userTags isFavorite status rating createdAt updatedAt deletedAt text notes descriptionHash",
  PostingPage: "items nextCursor total tags",
  PostingRubric: "rubric madeBy generatedBy rubricHash promptHash droppedQuotes available note createdAt",
  PostingSummary:
    "id jobUrl platform title company location salary employmentType seniority userTags isFavorite status rating createdAt updatedAt deletedAt",
  Recap: "meetingId status problem insight delivery",
  Recommendation: "type content confidence citations",
  Resume:
    "id name isActive source contentHash bullets hasOwnTemplate revision createdAt updatedAt content evidence preparation customLatexTemplate publicPage original",
  ResumeBullet: "bulletId text tags",
  ResumeContent: "basics summary skills workExperience projects education awards mentorship links",
  ResumeContentBasics: "name headline email phone location",
  ResumeContentProject: "projectId name date url bullets",
  ResumeContentWorkExperience: "roleId company title dateRange location bullets",
  ResumeList: "items deleted",
  ResumeListDeleted:
    "id name isActive source contentHash bullets hasOwnTemplate revision createdAt updatedAt deletedAt",
  ResumeOriginal: "name type lines leftOut",
  ResumeOriginalLine: "page text",
  ResumePreparation: "state bullets scored embedded",
  ResumePublicPage: "path parts since",
  ResumeSummary: "id name isActive source contentHash bullets hasOwnTemplate revision createdAt updatedAt",
  Rubric: "version jobMeta requirements keywords constraints notes",
  RubricConstraints: "yearsExperienceMin education certifications workAuthorization",
  RubricJobMeta: "jobTitle company location employmentType seniority jobUrl platform",
  RubricKeyword: "term importance type jdEvidence jdOffsets",
  RubricNotes: "summary ambiguities",
  RubricRequirement: "reqId type weight requirement jdEvidence jdOffsets category",
  RubricRequirementJdOffset: "start end",
  Run: "runId masterResumeId jobId resumeName jobTitle company status stage failedStage errorMessage cancelled mockMode modelVariants primaryModelKey edition promptVersions promptHashes timing cacheHits coverage startedAt completedAt deletedAt createdAt updatedAt config template pageLimit pins bans rubric plan planChange tailored bullets files",
  RunBullet: "bulletId parentType parent text tier",
  RunFile: "artifactId artifactType modelKey fileName mimeType sizeBytes url",
  RunPage: "items nextCursor",
  RunPlanChange: "added dropped newlyCovered noLongerCovered",
  RunSummary:
    "runId masterResumeId jobId resumeName jobTitle company status stage failedStage errorMessage cancelled mockMode modelVariants primaryModelKey edition promptVersions promptHashes timing cacheHits coverage startedAt completedAt deletedAt createdAt updatedAt",
  RunSummaryCacheHits: "embeddings evidenceScores",
  RunSummaryPromptVersions: "tailor latex rubric",
  RunSummaryTiming: "rubricMs embeddingMs selectionMs tailorMs latexMs pdfMs totalMs",
  SelectedBullet:
    "bulletId parentType parentId originalText company role dateRange evidence matches redundancy rewriteIntent reasons",
  SelectedBulletEvidence: "score tier",
  SelectedBulletMatch: "reqId rel edgeScore",
  SelectedBulletRedundancy: "maxSim blocked penalty",
  SelectionConfig: "configVersion budgets thresholds weights",
  SelectionConfigBudgets:
    "targetResumeWordsMin targetResumeWordsMax experienceBulletsMin experienceBulletsMax projectBulletsMin projectBulletsMax awardLinesMin awardLinesMax perRoleCaps maxBulletsPerRequirement",
  SelectionConfigBudgetsPerRoleCaps: "mostRecent next older",
  SelectionConfigThresholds: "mustMinRel niceMinRel coverThreshold redundancy minEvidenceTierNice",
  SelectionConfigThresholdsRedundancy: "hardBlock penaltyStart",
  SelectionConfigWeights: "edge fill",
  SelectionConfigWeightsEdge: "wRel wEvd wRed wRisk",
  SelectionConfigWeightsFill: "alpha beta gamma",
  SelectionPlan:
    "version masterResumeHash jobExtractedHash rubricHash embeddingModel config coverage selected budgetsUsed selectionNotes solution",
  SelectionPlanBudgetsUsed: "experienceBullets projectBullets awardLines perRole words",
  SelectionPlanBudgetsUsedPerRoleEntry: "key value",
  SelectionPlanCoverage: "mustTotal niceTotal mustCovered niceCovered uncoveredRequirements",
  SelectionPlanCoverageUncoveredRequirement: "reqId type weight reason",
  SelectionPlanSelected: "workExperience projects awards",
  SelectionPlanSelectionNotes:
    "droppedDueToRedundancy droppedDueToBudget droppedAsIrrelevant pinned banned shortfalls",
  SelectionPlanSolution: "method optimal value bound",
  SharedLink: "type url title sequence startMs userId",
  Skills:
    "programming_languages frameworks_libraries tools_cloud_technologies data_science_analytics machine_learning_ai other_skills",
  TailoredBullet: "bulletId originalText tailoredText wasRewritten",
  TailoredResume:
    "modelKey modelName tailoredHash summary workExperience projects education skills awards selectionEnforcement wordCountEstimate generatedBy originalSummary planHash notes findings",
  TailoredResumeFinding: "bulletId kinds outcome",
  TailoredResumeProject: "projectId name date bullets",
  TailoredResumeSelectionEnforcement:
    "strippedUnselected truncatedBullets repairApplied compliant proxyWordCountExceeded",
  TailoredResumeWorkExperience: "roleId company title dateRange location bullets",
  TimelineEntry: "at kind from to text",
  TranscriptLine:
    "sequence clientKey speakerId speakerLabel sourceLabel text confidence startMs endMs source createdAt edited",
  TranscriptLineEdited: "revision at text speaker",
  TranscriptPage: "chunks lastSequence revision nextFromSequence",
};
