// The transcript as it grows: each line with the corrections that came before it, each correction once.
import type { MeetingId } from "../../../shared/ids.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import { applyCorrections } from "../../../shared/transcript/corrections.ts";
import type { StreamFollowers } from "../../platform/journal/index.ts";
import { correctionOfEntry, correctionStream, correctionView } from "./corrections.entries.ts";
import type { Corrections } from "./corrections.service.ts";
import type { TranscriptsService } from "./index.ts";
import { fromEntry, toView, transcriptStream } from "./transcripts.chunks.ts";

export function createFollow({
  streams,
  corrections,
}: {
  streams: StreamFollowers;
  corrections: Pick<Corrections, "lastRevision" | "concerning">;
}): TranscriptsService["follow"] {
  return async (meetingId: MeetingId, { afterSequence, deliver, corrected }) => {
    // In this order: what is made in between is in the list, and is delivered too.
    const afterRevision = await corrections.lastRevision(meetingId);
    let due = await corrections.concerning(meetingId, afterSequence + 1, Number.MAX_SAFE_INTEGER);
    let head = afterSequence;

    const ofCorrections = streams.follow(correctionStream(meetingId), {
      afterSequence: afterRevision,
      deliver(entries) {
        const known = due.at(-1)?.revision ?? 0;
        for (const entry of entries) {
          const correction = correctionView(correctionOfEntry(entry));
          if (correction.revision > known && concernsAfter(head, correction)) due.push(correction);
          corrected?.(correction);
        }
      },
    });
    const ofLines = streams.follow(transcriptStream(meetingId), {
      afterSequence,
      deliver(entries) {
        const lines = applyCorrections(
          entries.map((entry) => toView(fromEntry(entry))),
          due,
        );
        head = entries.at(-1)?.sequence ?? head;
        due = due.filter((correction) => concernsAfter(head, correction));
        deliver([...lines]);
      },
    });
    return {
      get sequence() {
        return ofLines.sequence;
      },
      close() {
        ofLines.close();
        ofCorrections.close();
      },
    };
  };
}

/** Whether it may touch a line above `sequence`. */
function concernsAfter(sequence: number, correction: Correction): boolean {
  if (correction.kind !== "speaker") return correction.sequence > sequence;
  return correction.throughSequence === null || correction.throughSequence > sequence;
}
