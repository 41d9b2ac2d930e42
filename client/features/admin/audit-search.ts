// The search of the audit log: between the form, the page's address and the request.
import { auditFilterSchema, type AuditFilter } from "../../../shared/schemas/audit.ts";

/** What the form holds; empty text stands for no limit. Days are the reader's own, both included. */
export interface AuditSearch {
  person: string;
  action: string;
  outcome: string;
  resourceId: string;
  fromDay: string;
  untilDay: string;
}

export const everything: AuditSearch = {
  person: "",
  action: "",
  outcome: "",
  resourceId: "",
  fromDay: "",
  untilDay: "",
};

const names = Object.keys(everything) as (keyof AuditSearch)[];

export function searchFrom(params: URLSearchParams): AuditSearch {
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as unknown as AuditSearch;
}

export function paramsOf(search: AuditSearch): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, search[name].trim()] as const).filter(([, value]) => value !== ""),
  );
}

export function isNarrowed(search: AuditSearch): boolean {
  return Object.keys(paramsOf(search)).length > 0;
}

/** Which fields are not usable yet, or the filter that they make. */
export function filterOf(
  search: AuditSearch,
): { filter: AuditFilter; problems: null } | { filter: null; problems: Partial<AuditSearch> } {
  const { person, action, outcome, resourceId, fromDay, untilDay } = paramsOf(search);
  const from = startOfDay(fromDay, 0);
  const to = startOfDay(untilDay, 1);
  const parsed = auditFilterSchema.safeParse({ person, action, outcome, resourceId, from, to });
  const problems: Partial<AuditSearch> = {};
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0]));
    if (wrong.has("person")) problems.person = "Enter a whole email address.";
    if (wrong.has("from")) problems.fromDay = "Enter a day.";
    if (wrong.has("to")) problems.untilDay = "Enter a day.";
  }
  if (from !== undefined && to !== undefined && from >= to)
    problems.untilDay = "This day is before the first.";
  if (parsed.success && Object.keys(problems).length === 0) return { filter: parsed.data, problems: null };
  return { filter: null, problems };
}

/** The first moment of the reader's day, or of a later one. */
function startOfDay(day: string | undefined, later: number): string | undefined {
  if (day === undefined) return undefined;
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (date === undefined) return "no day";
  return new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}
