// Where a card goes on the board by a key: to the column beside it, and not beyond the last.
import { applicationStatusSchema, type ApplicationStatus } from "../../../../shared/schemas/career/enums.ts";

const columns = applicationStatusSchema.options;

/** Null where the key means nothing, or there is no column on that side. */
export function columnByKey(key: string, status: ApplicationStatus): ApplicationStatus | null {
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  return step === 0 ? null : (columns[columns.indexOf(status) + step] ?? null);
}
