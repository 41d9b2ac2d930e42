// Searches one meeting's lines as they come, page by page; keeps no more than what one answer shows.
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type {
  TranscriptMatch,
  TranscriptSearch,
  TranscriptSearchQuery,
} from "../../../shared/schemas/transcript-search.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { parseTranscriptQuery } from "../../../shared/transcript/search.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";

const cursorSchema = z.tuple([z.number().int().min(1)]);

/** Throws VALIDATION_ERROR where the query holds nothing to search for. `pages` in order of sequence, corrected. */
export async function searchLines(
  pages: AsyncIterable<readonly TranscriptChunk[]>,
  { q, limit, cursor }: TranscriptSearchQuery,
): Promise<TranscriptSearch> {
  const query = parseTranscriptQuery(q);
  if (query === null) {
    throw new AppError("VALIDATION_ERROR", "Search for a word, or for a phrase in quotes.", {
      details: { field: "q" },
    });
  }
  const [from] = cursor === undefined ? [1] : decodeCursor(cursor, cursorSchema);
  const items: TranscriptMatch[] = [];
  let total = 0;
  let next: number | null = null;
  let before: TranscriptChunk | null = null;
  for await (const page of pages) {
    for (const line of page) {
      const last = items.at(-1);
      if (last !== undefined && last.sequence === before?.sequence) last.after = neighbour(line);
      const places = query.find(line.text);
      if (places !== null) {
        total += 1;
        if (line.sequence >= from) {
          if (items.length < limit)
            items.push({ ...shown(line), places, before: neighbour(before), after: null });
          else next ??= line.sequence;
        }
      }
      before = line;
    }
  }
  return { items, total, nextCursor: next === null ? null : encodeCursor([next]) };
}

function shown({ sequence, speakerId, speakerLabel, startMs, text }: TranscriptChunk) {
  return { sequence, speakerId, ...(speakerLabel === undefined ? {} : { speakerLabel }), startMs, text };
}

function neighbour(line: TranscriptChunk | null): TranscriptMatch["before"] {
  return line === null ? null : { sequence: line.sequence, text: line.text };
}
