// What the form holds, what is wrong with it, and what it sends.
import { z } from "zod";
import { limits } from "../../../shared/limits.ts";
import { emailSchema } from "../../../shared/schemas/common.ts";
import type {
  CreateMeeting,
  Meeting,
  MeetingRole,
  NotesTemplate,
  RecapDelivery,
  UpdateMeeting,
} from "../../../shared/schemas/meetings.ts";
import { scheduleStrings } from "./strings.ts";
import { resolveWallTime, suggestedStart, wallTimeAt } from "../../ui/wall-time.ts";

export interface PersonRow {
  /** Names the row while it moves, not the person. */
  key: number;
  email: string;
  role: MeetingRole;
}

export interface MeetingDraft {
  title: string;
  description: string;
  timing: "later" | "now";
  date: string;
  time: string;
  timeZone: string;
  durationMinutes: number;
  template: NotesTemplate;
  recapDelivery: RecapDelivery;
  people: PersonRow[];
}

/** By field name; people's by `people.<key>`. */
export type DraftProblems = Partial<Record<string, string>>;

export const durationChoices = [15, 30, 45, 60, 90, 120, 180] as const;

const problems = scheduleStrings.problems;

export function emptyDraft(now: Date, timeZone: string): MeetingDraft {
  const { date, time } = wallTimeAt(suggestedStart(now), timeZone);
  return {
    title: "",
    description: "",
    timing: "later",
    date,
    time,
    timeZone,
    durationMinutes: 60,
    template: "grow",
    recapDelivery: "automatic",
    people: [{ key: 1, email: "", role: "participant" }],
  };
}

export function draftOf(meeting: Meeting, now: Date, readerZone: string): MeetingDraft {
  const timeZone = meeting.timeZone ?? readerZone;
  const start = meeting.scheduledAt === null ? suggestedStart(now) : new Date(meeting.scheduledAt);
  const { date, time } = wallTimeAt(start, timeZone);
  return {
    title: meeting.title,
    description: meeting.description ?? "",
    timing: "later",
    date,
    time,
    timeZone,
    durationMinutes: meeting.durationMinutes ?? 60,
    template: meeting.template,
    recapDelivery: meeting.recapDelivery,
    people: [],
  };
}

/** Empty where the draft can be sent. */
export function checkDraft(draft: MeetingDraft): DraftProblems {
  const found: DraftProblems = {};
  if (draft.title.trim() === "") found["title"] = problems.title;
  else if (draft.title.length > limits.titleMaxChars) found["title"] = problems.titleLong;
  if (draft.timing === "later") {
    if (draft.date === "") found["date"] = problems.date;
    else if (draft.time === "") found["time"] = problems.time;
    else if (resolveWallTime(draft) === null) found["date"] = problems.date;
  }
  const seen = new Set<string>();
  for (const row of filledRows(draft)) {
    const parsed = emailSchema.safeParse(row.email);
    if (!parsed.success) found[`people.${row.key}`] = problems.email;
    else if (seen.has(parsed.data)) found[`people.${row.key}`] = problems.twice;
    else seen.add(parsed.data);
  }
  if (filledRows(draft).length > limits.meetingMaxParticipants - 1) {
    found["people"] = problems.tooMany(limits.meetingMaxParticipants - 1);
  }
  return found;
}

/** A checked draft as the request to create it. */
export function createRequest(draft: MeetingDraft): CreateMeeting {
  const start = draft.timing === "now" ? null : resolveWallTime(draft);
  return {
    title: draft.title.trim(),
    ...(draft.description.trim() === "" ? {} : { description: draft.description.trim() }),
    ...(start === null ? {} : { scheduledAt: start.instant.toISOString() }),
    durationMinutes: draft.durationMinutes,
    timeZone: draft.timeZone,
    template: draft.template,
    recapDelivery: draft.recapDelivery,
    participants: filledRows(draft).map(({ email, role }) => ({ email: email.trim().toLowerCase(), role })),
  };
}

const timeFields = ["date", "time", "timeZone"] as const;

/**
 * Of a draft what differs from the meeting as it is; null where nothing does. A time that was not among `edits` is left
 * alone: the fields say no seconds, and not which of the two hours it is when clocks go back.
 */
export function updateRequest(
  draft: MeetingDraft,
  edits: Partial<MeetingDraft>,
  meeting: Meeting,
): UpdateMeeting | null {
  const wanted = createRequest(draft);
  const isTimed = meeting.scheduledAt === null || timeFields.some((field) => field in edits);
  const change: UpdateMeeting = {};
  if (wanted.title !== meeting.title) change.title = wanted.title;
  const description = draft.description.trim();
  if (description !== (meeting.description ?? "")) change.description = description;
  if (isTimed && wanted.scheduledAt !== undefined && !sameMoment(wanted.scheduledAt, meeting.scheduledAt)) {
    change.scheduledAt = wanted.scheduledAt;
  }
  if (draft.durationMinutes !== meeting.durationMinutes) change.durationMinutes = draft.durationMinutes;
  if (draft.timeZone !== meeting.timeZone) change.timeZone = draft.timeZone;
  if (draft.template !== meeting.template) change.template = draft.template;
  if (draft.recapDelivery !== meeting.recapDelivery) change.recapDelivery = draft.recapDelivery;
  return Object.keys(change).length === 0 ? null : change;
}

const fieldDetailsSchema = z.array(
  z.object({ path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]), message: z.string() }),
);

/** The server's complaints at the fields that they are about; null where they name none of ours. */
export function problemsFromDetails(details: unknown, draft: MeetingDraft): DraftProblems | null {
  const nested = z.object({ issues: fieldDetailsSchema }).safeParse(details);
  const parsed = nested.success
    ? { success: true as const, data: nested.data.issues }
    : fieldDetailsSchema.safeParse(details);
  if (!parsed.success) return null;
  const rows = filledRows(draft);
  const found: DraftProblems = {};
  for (const { path, message } of parsed.data) {
    const steps = (typeof path === "string" ? path.split(".") : path.map(String)).filter(
      (step) => step !== "body",
    );
    const [field, index] = steps;
    if (field === undefined) continue;
    if (field === "participants") {
      const row = index === undefined ? undefined : rows[Number(index)];
      found[row === undefined ? "people" : `people.${row.key}`] = message;
    } else {
      found[field === "scheduledAt" ? "date" : field] = message;
    }
  }
  return Object.keys(found).length === 0 ? null : found;
}

/** Puts pasted addresses into the row they were pasted in and into new rows after it. */
export function withPasted(
  people: readonly PersonRow[],
  key: number,
  addresses: readonly string[],
): PersonRow[] {
  const [first, ...others] = addresses;
  if (first === undefined) return [...people];
  const known = new Set(people.map((row) => row.email.trim().toLowerCase()));
  let nextKey = Math.max(0, ...people.map((row) => row.key)) + 1;
  return people.flatMap((row) => {
    if (row.key !== key) return [row];
    const added = others
      .filter((address) => !known.has(address))
      .map((email): PersonRow => ({ key: nextKey++, email, role: row.role }));
    return [{ ...row, email: first }, ...added];
  });
}

function filledRows(draft: MeetingDraft): PersonRow[] {
  return draft.people.filter((row) => row.email.trim() !== "");
}

function sameMoment(left: string, right: string | null): boolean {
  return right !== null && new Date(left).getTime() === new Date(right).getTime();
}
