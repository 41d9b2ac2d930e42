// The areas of a career in the order in which they are offered; each has its routes in `client/app/pages.tsx`.
import { careerStrings } from "./strings.ts";

export const careerPages: readonly { path: string; label: string }[] = [
  { path: "resumes", label: careerStrings.areas.resumes },
  { path: "postings", label: careerStrings.areas.postings },
  { path: "runs", label: careerStrings.areas.runs },
  { path: "applications", label: careerStrings.areas.applications },
];
