// The refusal of what would be added to a meeting of which this kind is kept no longer.
import { AppError } from "./errors.ts";
import type { RetentionKind } from "./schemas/retention.ts";

export function keptNoLonger(kind: RetentionKind): AppError {
  return new AppError(
    "MEETING_NOT_ACTIVE",
    "This is not possible any more: what was kept of this meeting is deleted after its term.",
    { details: { kind } },
  );
}
