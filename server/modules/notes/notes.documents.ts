// Names of notes documents, which are at once their streams in the journal.
import type { MeetingId, UserId } from "../../../shared/ids.ts";

export const notesStreamKind = "notes";

export interface DocumentName {
  meetingId: MeetingId;
  layer: "shared" | "mine";
  /** Whose own layer it is; null for the shared one. */
  ownerId: UserId | null;
}

export function sharedDocument(meetingId: MeetingId): string {
  return `${notesStreamKind}/${meetingId}/shared`;
}

export function ownDocument(meetingId: MeetingId, ownerId: UserId): string {
  return `${notesStreamKind}/${meetingId}/${ownerId}`;
}

/** Throws where this is no name that `sharedDocument` or `ownDocument` has made. */
export function parseDocument(documentId: string): DocumentName {
  const [, meetingId, layer] = /^notes\/([0-9a-f]{24})\/(shared|[0-9a-f]{24})$/.exec(documentId) ?? [];
  if (meetingId === undefined || layer === undefined) throw new Error("this does not name a notes document");
  return {
    meetingId: meetingId as MeetingId,
    layer: layer === "shared" ? "shared" : "mine",
    ownerId: layer === "shared" ? null : (layer as UserId),
  };
}
