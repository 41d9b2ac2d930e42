// What in the career pipeline hangs on what: what is without its parent is nobody's, and goes.

export interface Relation {
  child: string;
  /** Of the child; names its parent. */
  field: string;
  parent: string;
  /** `forget` where the child stays without it. */
  otherwise: "remove" | "forget";
}

export const careerRelations: readonly Relation[] = [
  { child: "jdRubrics", field: "jobId", parent: "jobPostings", otherwise: "remove" },
  { child: "applicationTracking", field: "jobId", parent: "jobPostings", otherwise: "remove" },
];
