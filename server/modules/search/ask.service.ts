// A question across one's calls: ranked by words and vectors, checked anew, read as it stands now, and answered with citations.
import type { Actor } from "../../../shared/actor.ts";
import { mayBeReadByMachine, noAnswers } from "../../../shared/consent-rules.ts";
import { erasedText } from "../../../shared/erased.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { AskAnswer, AskCitation, AskPassage } from "../../../shared/schemas/ask.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Language, Stretch } from "../../vendors/language/index.ts";
import type { AiService } from "../ai/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { PassagesService } from "../passages/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { UsersService } from "../users/index.ts";
import { rankTokens } from "./bm25.ts";
import { fuseRanks } from "./fuse.ts";
import type { SearchService } from "./index.ts";
import { createTalkWords, tokensOf, type TalkWords } from "./talk-words.ts";

export interface SearchModuleOptions {
  meetings: Pick<MeetingsService, "authorize" | "record" | "placesOf">;
  transcripts: Pick<TranscriptsService, "read">;
  passages: Pick<PassagesService, "search" | "readable" | "vectors">;
  users: Pick<UsersService, "byIds">;
  consents: Pick<ConsentLedger, "standing">;
  ai: Pick<AiService, "useOf">;
  language: Language;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** Of each ranking, before they are fused. */
const candidatesMost = 40;
/** What a page shows, and what an answer is made from. */
const passagesMost = 8;
/** Calls whose words are read into memory for one question; the newest first, the rest by later questions. */
const readAnewMost = 150;
const atOnce = 8;
/** More lines than a segment has: sequences may lie apart where lines came late. */
const linesAtOnce = 400;

interface Found {
  segment: Segment;
  record: MeetingRecord;
  lines: TranscriptChunk[];
}

export function createSearchModule(options: SearchModuleOptions): SearchService {
  const { meetings, transcripts, passages, users, consents, ai, language, bus, clock, logger } = options;
  const talks = createTalkWords((meetingId) => passages.readable(meetingId, "rules"));
  // Numbers and outcomes alone: who asks what is nobody's business but theirs.
  const asked = options.metrics.counter(
    "questions_total",
    "Questions across calls, by how they were answered",
    ["how"],
  );
  const seconds = options.metrics.histogram("question_seconds", "Questions across calls, until the answer");

  // What is kept is for the order alone, and checked before anything is shown; gone it should be all the same.
  for (const event of ["recap.changed", "words.erased"] as const)
    bus.subscribe(event, ({ meetingId }) => talks.forget(meetingId));
  for (const event of ["ai.changed", "consent.changed"] as const)
    bus.subscribe(event, ({ meetingId }) => {
      if (meetingId === null) talks.forgetAll();
      else talks.forget(meetingId);
    });

  /** The most that may read the question itself. Throws CONSENT_MISSING. */
  async function mostFor(actor: Actor): Promise<"rules" | "model"> {
    const use = actor.orgId === null ? "model" : await ai.useOf(actor.orgId);
    if (use === "off")
      throw new AppError("CONSENT_MISSING", "Questions are switched off for your organisation.");
    const own = (await consents.standing(actor.userId, null)).find(({ purpose }) => purpose === "ai");
    const answers = { ...noAnswers, ai: own?.answer ?? null };
    if (!mayBeReadByMachine(answers, "rules"))
      throw new AppError(
        "CONSENT_MISSING",
        "You have said that no machine may read your words, and a machine would read your question. You can change that under Privacy.",
      );
    return use === "model" && mayBeReadByMachine(answers, "model") ? "model" : "rules";
  }

  /** The actor's calls that they may read from where they are. */
  async function readableCalls(actor: Actor): Promise<MeetingId[]> {
    const places = await meetings.placesOf(actor.userId);
    const may = await inTurns(places, async (meetingId) => await mayRead(actor, meetingId));
    return places.filter((_place, at) => may[at]);
  }

  async function mayRead(actor: Actor, meetingId: MeetingId): Promise<boolean> {
    try {
      await meetings.authorize(actor, meetingId, "transcript.read");
      return true;
    } catch (error) {
      if (error instanceof AppError && (error.kind === "not-found" || error.kind === "forbidden"))
        return false;
      throw error;
    }
  }

  async function byWords(question: string, calls: readonly MeetingId[]) {
    let anew = 0;
    const looked = calls.filter((meetingId) => talks.has(meetingId) || (anew += 1) <= readAnewMost);
    const words = await inTurns(looked, (meetingId) => talks.of(meetingId));
    const places = words.flatMap(({ meetingId, segments }: TalkWords) =>
      segments.map(({ id }) => ({ meetingId, id })),
    );
    const ranked = rankTokens(
      tokensOf(question),
      words.map(({ segments }) => segments.map((segment) => segment.words)),
    );
    const found = ranked.slice(0, candidatesMost).flatMap(({ index }) => places[index] ?? []);
    return { found, searched: looked.length };
  }

  /** Null where vectors cannot be asked, or are no model's: words alone find, too. */
  async function byVectors(actor: Actor, question: string) {
    if (passages.vectors !== "model") return null;
    try {
      const found = await passages.search(actor, { query: question, limit: candidatesMost });
      return found.map(({ meetingId, segmentId }) => ({ meetingId, id: segmentId }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code !== "CONSENT_MISSING")
        logger.warn({ code: error.code }, "a question was asked by words alone");
      return null;
    }
  }

  /** What of the candidates may be shown to the actor now, with the words as they are now. */
  async function look(actor: Actor, candidates: readonly { meetingId: MeetingId; id: SegmentId }[]) {
    const seen = new Map<MeetingId, { record: MeetingRecord; segments: Segment[] } | null>();
    const found: Found[] = [];
    for (const { meetingId, id } of candidates) {
      if (found.length === passagesMost) break;
      if (!seen.has(meetingId)) {
        const record = (await mayRead(actor, meetingId)) ? await meetings.record(meetingId) : null;
        seen.set(
          meetingId,
          record === null ? null : { record, segments: await passages.readable(meetingId, "rules") },
        );
      }
      const call = seen.get(meetingId) ?? null;
      const segment = call?.segments.find((one) => one.id === id);
      if (call === null || segment === undefined) continue;
      const lines = await linesOf(actor, segment);
      if (lines.length > 0) found.push({ segment, record: call.record, lines });
    }
    return found;
  }

  async function linesOf(actor: Actor, { meetingId, firstSequence, lastSequence, speakers, text }: Segment) {
    const limit = Math.min(lastSequence - firstSequence + 1, linesAtOnce);
    const { chunks } = await transcripts.read(actor, meetingId, { fromSequence: firstSequence, limit });
    return chunks.filter(
      (chunk) =>
        chunk.sequence <= lastSequence &&
        // Lines of other segments may lie between, and lines may belong to somebody else by now.
        speakers.includes(chunk.speakerId) &&
        chunk.text !== erasedText &&
        (text.includes(chunk.text) || chunk.edited?.text === true),
    );
  }

  async function answer(actor: Actor, question: string): Promise<AskAnswer> {
    const most = await mostFor(actor);
    const calls = await readableCalls(actor);
    const notes: string[] = [];
    const [words, near] = await Promise.all([byWords(question, calls), byVectors(actor, question)]);
    if (near === null)
      notes.push("Found by its words alone: what means the same in other words may be missing.");
    const candidates = new Map([...words.found, ...(near ?? [])].map((one) => [one.id, one]));
    const order = fuseRanks([words.found.map(({ id }) => id), (near ?? []).map(({ id }) => id)]);
    const found = await look(
      actor,
      order.flatMap((id) => candidates.get(id) ?? []),
    );
    const base = { searched: words.searched, calls: calls.length };
    if (words.searched < calls.length)
      notes.push(
        `Looked through the newest ${words.searched} of ${calls.length} calls. Ask again, and the others are in it.`,
      );
    if (found.length === 0)
      return { ...base, how: "nothing", sentences: [], passages: [], generatedBy: "rules", notes };

    // Lines are numbered through, so that evidence names one line of one call.
    const numbered = found.flatMap((one) => one.lines.map((line) => ({ ...one, line })));
    let next = 0;
    const stretches = found.map(({ record, lines }): Stretch => ({
      subject: { meetingId: record.id, orgId: record.orgId },
      turns: lines.map(({ speakerId, text, startMs, endMs }) => ({
        sequence: (next += 1),
        speakerId,
        text,
        startMs,
        endMs,
      })),
    }));
    const reading = await language.answer(question, stretches, { most, orgId: actor.orgId });
    const nameOf = await namesOf(found);
    const cite = ({ sequence, quote }: { sequence: number; quote: string }): AskCitation[] => {
      const place = numbered[sequence - 1];
      // Nothing is cited that does not stand there, whatever was read.
      if (place === undefined || quote.trim() === "" || !place.line.text.includes(quote)) return [];
      const { record, line } = place;
      return [{ ...placeOf(record, line), speakerId: line.speakerId, speakerName: nameOf(line), quote }];
    };
    const sentences = reading.sentences.flatMap(({ text, evidence }) => {
      const citations = evidence.flatMap(cite);
      return citations.length === 0 ? [] : [{ text, citations }];
    });
    return {
      ...base,
      how: sentences.length === 0 ? "nothing" : reading.generatedBy === "rules" ? "extracted" : "composed",
      sentences,
      passages: found.map(({ record, lines }): AskPassage => ({
        ...placeOf(record, lines[0]),
        lines: lines.map((line) => ({ speakerName: nameOf(line), text: line.text })),
      })),
      generatedBy: reading.generatedBy,
      notes: [...notes, ...(reading.notes ?? [])],
    };
  }

  async function namesOf(found: readonly Found[]): Promise<(line: TranscriptChunk) => string> {
    const ids = [...new Set(found.flatMap(({ lines }) => lines.map(({ speakerId }): UserId => speakerId)))];
    const names = new Map(
      (await users.byIds(ids.slice(0, 200))).map(({ id, displayName }) => [id, displayName]),
    );
    return ({ speakerId, speakerLabel }) => speakerLabel ?? names.get(speakerId) ?? "Somebody";
  }

  return {
    async ask(actor, question) {
      const startedMs = clock.monotonicMs();
      const made = await answer(actor, question);
      asked.inc({ how: made.how });
      seconds.observe((clock.monotonicMs() - startedMs) / 1_000);
      return made;
    },
  };
}

function placeOf(record: MeetingRecord, line: TranscriptChunk | undefined) {
  return {
    meetingId: record.id,
    meetingTitle: record.title,
    startedAt: record.startedAt?.toISOString() ?? null,
    sequence: line?.sequence ?? 1,
    startMs: line?.startMs ?? 0,
  };
}

/** A bounded number at once, answers in order. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next; index < items.length; index = next) {
      next += 1;
      results[index] = await run(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
