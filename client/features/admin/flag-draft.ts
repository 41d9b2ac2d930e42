// What is typed about a flag, as a change of it.
import { changeFlagSchema, type ChangeFlag, type Flag } from "../../../shared/schemas/flags.ts";

export interface FlagDraft {
  on: boolean;
  percentage: string;
  onForPeople: string;
  offForPeople: string;
  onForOrganizations: string;
  offForOrganizations: string;
}

export function draftOf({ settings, default: otherwise }: Flag): FlagDraft {
  const lines = (list: readonly string[] | undefined) => (list ?? []).join("\n");
  return {
    on: settings?.on ?? otherwise,
    percentage: String(settings?.percentage ?? 100),
    onForPeople: lines(settings?.onForPeople),
    offForPeople: lines(settings?.offForPeople),
    onForOrganizations: lines(settings?.onForOrganizations),
    offForOrganizations: lines(settings?.offForOrganizations),
  };
}

export type FlagProblems = Partial<Record<"percentage" | "onForPeople" | "offForPeople", true>>;

export function changeOf(
  draft: FlagDraft,
  version: number,
): { change: ChangeFlag; problems: null } | { change: null; problems: FlagProblems } {
  const parsed = changeFlagSchema.safeParse({
    version,
    on: draft.on,
    percentage: draft.percentage.trim() === "" ? Number.NaN : Number(draft.percentage),
    onForPeople: linesOf(draft.onForPeople),
    offForPeople: linesOf(draft.offForPeople),
    onForOrganizations: linesOf(draft.onForOrganizations),
    offForOrganizations: linesOf(draft.offForOrganizations),
  });
  if (parsed.success) return { change: parsed.data, problems: null };
  const problems = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), true]));
  return { change: null, problems };
}

function linesOf(text: string): string[] {
  return [...new Set(text.split(/[\n,]/).map((line) => line.trim()))].filter((line) => line !== "");
}
