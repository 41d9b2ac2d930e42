// Whose words may be written down: lines of people who have refused are not stored, whoever sends them.
import { mayBeWrittenDown } from "../../../shared/consent-rules.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import { applyCorrections, type CorrectableLine } from "../../../shared/transcript/corrections.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { labelSpeakerId } from "./transcripts.chunks.ts";

export interface CaptionConsent {
  /** Who has refused, of the speakers of these lines, as `renames` says who each label is. */
  refusals(
    meetingId: MeetingId,
    authorId: UserId | null,
    chunks: readonly AppendChunk[],
    renames: readonly Correction[],
  ): Promise<(chunk: AppendChunk) => boolean>;
}

export function createCaptionConsent(meetings: Pick<MeetingsService, "consents">): CaptionConsent {
  return {
    async refusals(meetingId, authorId, chunks, renames) {
      const consents = await meetings.consents(meetingId);
      const refusing = new Set<UserId>();
      for (const [userId, answers] of consents) if (!mayBeWrittenDown(answers)) refusing.add(userId);
      if (refusing.size === 0) return () => false;
      const refused = new Set(
        chunks.filter((chunk) => refusing.has(speakerOf(meetingId, authorId, chunk, renames) as UserId)),
      );
      return (chunk) => refused.has(chunk);
    },
  };
}

/** For people who send: they are told, and nothing of the batch is stored. */
export function captionsRefused(): AppError {
  return new AppError(
    "CONSENT_MISSING",
    "These words are not written down: the person who said them does not want that.",
    { details: { purpose: "captions" } },
  );
}

/** Null where nobody is named. */
function speakerOf(
  meetingId: MeetingId,
  authorId: UserId | null,
  { speakerId, speakerLabel }: AppendChunk,
  renames: readonly Correction[],
): UserId | null {
  const named =
    speakerLabel === undefined ? (speakerId ?? authorId) : labelSpeakerId(meetingId, speakerLabel);
  if (named === null || renames.length === 0) return named;
  // As the line would be shown, were it the next.
  const line: CorrectableLine = {
    sequence: Number.MAX_SAFE_INTEGER,
    speakerId: named,
    text: "",
    ...(speakerLabel === undefined ? {} : { speakerLabel, sourceLabel: speakerLabel }),
  };
  return applyCorrections([line], renames)[0]?.speakerId ?? named;
}
