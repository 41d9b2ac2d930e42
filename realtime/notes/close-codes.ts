// Why a notes WebSocket closes. Stock clients give up on 44xx and come back after every other code.
import type { AppError } from "../../shared/errors.ts";
import { notesCloseCode } from "../../shared/protocol/notes-sync.ts";

export interface NotesClose {
  code: number;
  text: string;
}

export const notesClose = {
  unauthorized: { code: notesCloseCode.unauthorized, text: "sign in again" },
  forbidden: { code: notesCloseCode.forbidden, text: "no access to these notes" },
  tooBig: { code: notesCloseCode.tooBig, text: "message too large" },
  goingAway: { code: notesCloseCode.goingAway, text: "server restarts" },
  /** The client reconnects and is asked for a fresh proof of identity. */
  sessionExpired: { code: notesCloseCode.goingAway, text: "session to be renewed" },
  tryAgain: { code: 1013, text: "try again shortly" },
  notUnderstood: { code: 1008, text: "not the notes protocol" },
} as const satisfies Record<string, NotesClose>;

/** For an error while somebody is let in: only a decision about the person is final for the client. */
export function closeFor(error: AppError): NotesClose {
  if (error.kind === "unauthenticated") return notesClose.unauthorized;
  if (error.kind === "not-found" || error.kind === "forbidden" || error.kind === "conflict") {
    return notesClose.forbidden;
  }
  return notesClose.tryAgain;
}
