// What belongs to one person's career: open to everybody who is signed in for their own, found by nobody else.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { careerPostingRows } from "./career-postings-table.ts";
import type { OpenRow } from "./table.ts";

export const careerRows = { ...careerPostingRows } satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
