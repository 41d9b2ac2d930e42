// Captions by the server's speech service: pieces of people's own microphones become lines of the transcript.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { SpeechPiece, SpeechPieceQuery } from "../../../shared/schemas/speech.ts";
import type { AudioFormat } from "../../vendors/speech/index.ts";

export { createCaptionsModule } from "./captions.service.ts";

export interface Sound {
  bytes: Uint8Array;
  format: AudioFormat;
}

export interface CaptionsService {
  /**
   * Resolves after the piece's lines are durable. `receive` reads its sound, and is called only once this person may have
   * it written down; a piece that is repeated with its key is not read, and changes nothing. Throws FORBIDDEN,
   * CONSENT_MISSING, MEETING_NOT_ACTIVE, RATE_LIMITED (reason `budget`), VENDOR_ERROR, TIMEOUT, and what `receive` throws.
   */
  write(
    actor: Actor,
    meetingId: MeetingId,
    piece: SpeechPieceQuery,
    receive: () => Promise<Sound>,
  ): Promise<SpeechPiece>;
}
