// What the reader may correct in a transcript, and who takes what was corrected.
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { MeetingRole } from "../../shared/schemas/meetings.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import type { TranscriptLine } from "./lines.ts";

export interface LineRights {
  meetingId: MeetingId;
  me: UserId;
  role: MeetingRole;
  /** To whom lines can be given. */
  people: readonly { userId: UserId; displayName: string }[];
  /** After one's own correction is durable; what others correct comes another way. */
  onCorrected: (correction: Correction) => void;
}

export function mayEdit({ role, me }: LineRights, line: TranscriptLine): boolean {
  return role === "host" || (role === "participant" && line.speakerId === me);
}

/** What was corrected away is not for observers. */
export function maySeeHistory({ role }: LineRights): boolean {
  return role !== "observer";
}
