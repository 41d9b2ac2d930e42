// What is known of a running call's talk: its segments and topics so far, made anew for the last part alone. No input or output.
import { createHash } from "node:crypto";
import type { MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { inTimeOrder } from "../../../shared/transcript/order.ts";
import { keyTerms } from "../../platform/text/key-terms.ts";
import { countWords } from "../../platform/text/words.ts";
import { segmentTranscript } from "./segmenter.ts";
import { stretchesOf } from "./talk-topics.ts";

/** Talk that is looked at again at each pass, a quarter of an hour or so. What lies before is left as it was divided. */
export const windowWordsMost = 2_500;
const termsMost = 8;

export interface SegmentChanges {
  put: Segment[];
  gone: SegmentId[];
}

export class LiveTalk {
  readonly id: MeetingId;
  /** False until what was said before has been read. */
  loaded = false;
  /** Hosts and participants, as last read. */
  people: ReadonlySet<UserId> = new Set();
  /** Set when what may be read has changed, or the words have: everything is read anew. */
  outdated = false;
  #unread: ReadonlySet<UserId> | "everybody" = "everybody";
  readonly #window: TranscriptChunk[] = [];
  /** Came while what was said before was being read. */
  #pending: TranscriptChunk[] = [];
  #windowWords = 0;
  #lastSequence = 0;
  #passedSequence = 0;
  /** The number of the window's first stretch. */
  #firstStretch = 0;
  /** What of the window was written: words and stretch. */
  #written = new Map<SegmentId, string>();

  constructor(id: MeetingId) {
    this.id = id;
  }

  get isDue(): boolean {
    return this.outdated || !this.loaded || this.#lastSequence > this.#passedSequence;
  }

  /** Begins anew with whose words no machine may read. */
  begin(unread: readonly UserId[] | "everybody"): void {
    this.#unread = unread === "everybody" ? unread : new Set(unread);
    this.#window.length = 0;
    this.#windowWords = 0;
    this.#lastSequence = 0;
    this.#passedSequence = 0;
    this.#firstStretch = 0;
    this.#written = new Map();
    this.loaded = false;
    this.outdated = false;
  }

  /** What was said before has been read. */
  finishLoading(): void {
    this.loaded = true;
    this.add(this.#pending.splice(0));
  }

  observe(chunks: readonly TranscriptChunk[]): void {
    if (this.loaded) this.add(chunks);
    else this.#pending.push(...chunks);
  }

  /** In order of sequence; what is known already is passed over. */
  add(chunks: readonly TranscriptChunk[]): void {
    for (const chunk of chunks) {
      if (chunk.sequence <= this.#lastSequence) continue;
      this.#lastSequence = chunk.sequence;
      this.#window.push(chunk);
      this.#windowWords += countWords(chunk.text);
    }
  }

  get isFull(): boolean {
    return this.#windowWords > windowWordsMost;
  }

  /** Divides the window; its work is bounded by the window's length. What changed since the pass before is to be written. */
  pass(): SegmentChanges {
    this.#passedSequence = this.#lastSequence;
    const chunks = inTimeOrder(this.#window);
    const mayRead = ({ speakerId }: TranscriptChunk) =>
      this.#unread !== "everybody" && !this.#unread.has(speakerId);
    const stretches = this.#unread === "everybody" ? [] : stretchesOf(chunks, mayRead);
    const segments = segmentTranscript(this.id, chunks, {
      terms: keyTerms(
        chunks.filter(mayRead).map(({ text }) => text),
        { max: termsMost },
      ),
      stretches,
      mayRead,
      firstStretch: this.#firstStretch,
    });
    const before = this.#written;
    const changes = this.#changesTo(segments);
    if (!this.isFull) return changes;
    const settled = this.#moveOn(chunks, segments, stretches.at(-1)?.first ?? 0);
    // Nobody looks at these again: they get what they are called in the end.
    const last = settled.filter(({ id }) => before.has(id) && !changes.put.some((one) => one.id === id));
    return { put: [...changes.put, ...last], gone: changes.gone };
  }

  #changesTo(segments: readonly Segment[]): SegmentChanges {
    const now = new Map(segments.map((segment) => [segment.id, contentOf(segment)]));
    const put = segments.filter(({ id }) => this.#written.get(id) !== now.get(id));
    const gone = [...this.#written.keys()].filter((id) => !now.has(id));
    this.#written = now;
    return { put, gone };
  }

  /** Leaves what is settled: all but the last stretch or, where that alone fills the window, all but its second half. */
  #moveOn(chunks: readonly TranscriptChunk[], segments: readonly Segment[], lastStretch: number): Segment[] {
    const half = segments[Math.ceil(segments.length / 2)];
    const middle = chunks.findIndex(({ sequence }) => sequence === half?.firstSequence);
    const from = lastStretch > 0 ? lastStretch : Math.max(middle, 0);
    const kept = chunks.slice(from);
    const keptSequences = new Set(kept.map(({ sequence }) => sequence));
    const first = segments.find(({ firstSequence }) => keptSequences.has(firstSequence));
    this.#firstStretch = first?.stretch ?? this.#firstStretch;
    this.#window.splice(0, this.#window.length, ...kept);
    this.#windowWords = kept.reduce((sum, { text }) => sum + countWords(text), 0);
    const settled = segments.filter(({ firstSequence }) => !keptSequences.has(firstSequence));
    for (const { id } of settled) this.#written.delete(id);
    return settled;
  }
}

/**
 * Without what it is called, which moves with every minute of talk: a topic is called as its last segment says, and
 * that one is written each time.
 */
function contentOf({ text, stretch, endMs }: Segment): string {
  return createHash("sha256")
    .update(JSON.stringify([text, stretch, endMs]))
    .digest("base64");
}
