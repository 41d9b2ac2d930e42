// The words of calls, kept in memory as numbers, so that a question is compared with all of them at once. No text is kept.
import type { MeetingId, SegmentId } from "../../../shared/ids.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";

export interface TalkWords {
  meetingId: MeetingId;
  /** In the order in which they were said. */
  segments: { id: SegmentId; words: Uint32Array }[];
}

/** About 200 bytes each: 16 MiB, and 1 300 hours of talk. */
const segmentsMost = 80_000;

export function tokensOf(text: string): Uint32Array {
  return Uint32Array.from(contentStems(wordsOf(text)), hashOf);
}

/** The least lately asked for go first. */
export function createTalkWords(readable: (meetingId: MeetingId) => Promise<Segment[]>) {
  const kept = new Map<MeetingId, TalkWords>();
  let held = 0;

  function forget(meetingId: MeetingId): void {
    held -= kept.get(meetingId)?.segments.length ?? 0;
    kept.delete(meetingId);
  }

  return {
    forget,
    forgetAll() {
      kept.clear();
      held = 0;
    },
    has: (meetingId: MeetingId) => kept.has(meetingId),

    async of(meetingId: MeetingId): Promise<TalkWords> {
      const known = kept.get(meetingId);
      if (known !== undefined) {
        kept.delete(meetingId);
        kept.set(meetingId, known);
        return known;
      }
      const segments = await readable(meetingId);
      const made: TalkWords = {
        meetingId,
        segments: segments
          .toSorted((one, other) => one.startMs - other.startMs)
          .map(({ id, text }) => ({ id, words: tokensOf(text) })),
      };
      forget(meetingId);
      kept.set(meetingId, made);
      held += made.segments.length;
      for (const oldest of kept.keys()) {
        if (held <= segmentsMost || oldest === meetingId) break;
        forget(oldest);
      }
      return made;
    },
  };
}

/** FNV-1a, 32 bits: two of a hundred thousand stems that share a number bring one stretch too many before a reader. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}
