// Every way into a meeting that stays open: what sockets send, what they subscribe to, and the streams of notes.
import type { ErrorCode } from "../../../shared/errors.ts";
import type { LiveQueryName } from "../../../shared/protocol/live-queries.ts";
import type { NotesLayer } from "../../../shared/protocol/notes-sync.ts";
import type { ClientEventName } from "../../../shared/protocol/socket-events.ts";
import { isInTheMeeting, type MeetingPerson, type Person } from "./actors.ts";
import { chunk, type Sample } from "./table.ts";

export interface EventRow {
  input(sample: Sample): Record<string, unknown>;
  /** Error codes for people in the meeting; null where it is allowed, as it is for those not named. */
  observer: ErrorCode | null;
  participant?: ErrorCode;
  host?: ErrorCode;
}

const media = { microphone: false, camera: false, screen: false, hand: false, transcribing: false };

export const socketEvents = {
  "meeting:join": { input: ({ meetingId }) => ({ meetingId }), observer: null },
  "transcript:append": {
    input: ({ meetingId }) => ({ meetingId, chunks: [{ ...chunk, clientKey: "matrix-socket" }] }),
    observer: "FORBIDDEN",
  },
  "chat:send": {
    input: ({ meetingId }) => ({ meetingId, clientKey: "matrix-socket", content: "Matrix" }),
    observer: "FORBIDDEN",
  },
  "chat:change": {
    input: ({ meetingId, messageId }) => ({
      meetingId,
      messageId,
      clientKey: "matrix-socket-change",
      change: { kind: "reaction", emoji: "🎉", on: true },
    }),
    observer: "FORBIDDEN",
  },
  "prompt:feedback": {
    input: ({ meetingId, promptId }) => ({ meetingId, promptId, feedback: "used" }),
    observer: "FORBIDDEN",
    participant: "FORBIDDEN",
    host: "NOT_FOUND",
  },
  "call:enter": { input: ({ meetingId }) => ({ meetingId, media }), observer: null },
  "call:media": { input: ({ meetingId }) => ({ meetingId, media }), observer: null },
  "call:signal": {
    input: ({ meetingId }) => ({
      meetingId,
      toPeerId: "nobody",
      signal: { kind: "candidate", payload: "{}" },
    }),
    observer: "NOT_FOUND",
    participant: "NOT_FOUND",
    host: "NOT_FOUND",
  },
  "call:leave": { input: ({ meetingId }) => ({ meetingId }), observer: null },
  "meeting:leave": { input: ({ meetingId }) => ({ meetingId }), observer: null },
} satisfies Partial<Record<ClientEventName, EventRow>>;

/** Events without a meeting of their own: their access rule is that of the live query they name. */
export const eventsWithoutMeeting = ["live:subscribe", "live:unsubscribe"] satisfies ClientEventName[];

export interface LiveQueryRow {
  ofMeeting: boolean;
  /** As in `EventRow`. */
  observer: ErrorCode | null;
  participant?: ErrorCode;
  /** As any participant, where none is given. */
  impersonated?: ErrorCode;
  /** As in `OpenRow`. */
  told?: true;
  /** Of queries outside a meeting, where they name something. */
  args?(sample: Sample): Record<string, unknown>;
  /** As in `OpenRow`. */
  hiddenFrom?: readonly Person[];
}

export const liveQueryRows = {
  home: { ofMeeting: false, observer: null },
  careerRuns: { ofMeeting: false, observer: null, impersonated: "FORBIDDEN" },
  outbox: { ofMeeting: false, observer: null, told: true },
  people: { ofMeeting: false, observer: null },
  person: {
    ofMeeting: false,
    observer: null,
    args: ({ userId }) => ({ userId }),
    hiddenFrom: ["elsewhere", "otherAdmin"],
  },
  matching: { ofMeeting: false, observer: null },
  connections: { ofMeeting: false, observer: null },
  flags: { ofMeeting: false, observer: null },
  consents: { ofMeeting: true, observer: null },
  meeting: { ofMeeting: true, observer: null },
  state: { ofMeeting: true, observer: null },
  notes: { ofMeeting: true, observer: null },
  prompts: { ofMeeting: true, observer: "FORBIDDEN", participant: "FORBIDDEN" },
  transcript: { ofMeeting: true, observer: null },
  recap: { ofMeeting: true, observer: null },
  review: { ofMeeting: true, observer: "FORBIDDEN", participant: "FORBIDDEN" },
  mirror: { ofMeeting: true, observer: "FORBIDDEN", participant: "FORBIDDEN" },
  rating: { ofMeeting: true, observer: "FORBIDDEN", impersonated: "FORBIDDEN" },
} satisfies Record<LiveQueryName, LiveQueryRow>;

/** Leaving what one is not in answers as if it were done: it reveals nothing. */
export const harmlessToStrangers = ["meeting:leave", "call:leave"];

/** What people in the meeting may do with a stream of its notes; 4403 closes it, as it does for everybody else. */
export type StreamAnswer = "write" | "read" | 4403;

export const noteStreamRows = {
  shared: { observer: "read", participant: "write", host: "write" },
  mine: { observer: 4403, participant: "write", host: "write" },
} satisfies Record<NotesLayer, StreamRow>;
export type StreamRow = Record<"observer" | "participant" | "host", StreamAnswer>;

const placeOf = (person: MeetingPerson) => (person === "impersonated" ? "participant" : person);

/** The code that a person's event is refused with; null where it is taken. */
export function eventAnswer(name: string, row: EventRow, person: Person): ErrorCode | null {
  if (isInTheMeeting(person)) return row[placeOf(person)] ?? null;
  return harmlessToStrangers.includes(name) ? null : "NOT_FOUND";
}

export function liveQueryAnswer(row: LiveQueryRow, person: Person): ErrorCode | null {
  if (!row.ofMeeting && person === "impersonated" && row.impersonated !== undefined) return row.impersonated;
  if (!row.ofMeeting) return row.hiddenFrom?.includes(person) === true ? "NOT_FOUND" : null;
  if (!isInTheMeeting(person)) return "NOT_FOUND";
  if (person === "host") return null;
  return row[person] ?? (person === "impersonated" ? row.participant : undefined) ?? null;
}

export function streamAnswer(row: StreamRow, person: Person): StreamAnswer {
  return isInTheMeeting(person) ? row[placeOf(person)] : 4403;
}
