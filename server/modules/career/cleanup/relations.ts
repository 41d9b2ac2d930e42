// What in the career pipeline hangs on what: what is without its parent is nobody's, and goes.

export interface Relation {
  child: string;
  /** Of the child; names its parent. */
  field: string;
  parent: string;
  /** Of the parent; its `_id` where nothing else is said. */
  parentField?: string;
  /** `forget` where the child stays without it. */
  otherwise: "remove" | "forget";
}

const ofRun = { field: "runId", parent: "runs", parentField: "runId" } as const;
const ofResume = { field: "masterResumeId", parent: "masterResumes", otherwise: "remove" } as const;

/** In this order: what goes takes what hangs on it along at the same time. */
export const careerRelations: readonly Relation[] = [
  { child: "jdRubrics", field: "jobId", parent: "jobPostings", otherwise: "remove" },
  { child: "applicationTracking", field: "jobId", parent: "jobPostings", otherwise: "remove" },
  { child: "resumeBullets", ...ofResume },
  { child: "resumeBulletEmbeddings", ...ofResume },
  { child: "evidenceScores", ...ofResume },
  { child: "runs", ...ofResume },
  { child: "runs", field: "jobId", parent: "jobPostings", otherwise: "remove" },
  { child: "runRubrics", ...ofRun, otherwise: "remove" },
  { child: "selectionPlans", ...ofRun, otherwise: "remove" },
  { child: "tailoredResumes", ...ofRun, otherwise: "remove" },
  { child: "generatedArtifacts", ...ofRun, otherwise: "remove" },
  { child: "applicationTracking", ...ofRun, otherwise: "forget" },
];
