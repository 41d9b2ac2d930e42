// What is known of one running meeting while it is watched: timeline, topics, stages and the prompts shown. No input or output.
import type { MeetingId, OrgId } from "../../../shared/ids.ts";
import type { GrowStage, LiveMirror } from "../../../shared/schemas/reviews.ts";
import type { TalkJudge } from "../feedback/index.ts";
import type { LiveStatePatch } from "../meetings/index.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { isQuestion } from "../../platform/text/sentences.ts";
import { keyTerms } from "../../platform/text/key-terms.ts";
import { detectLull, lullRules, type LullFinding } from "./lull-detector.ts";
import { meetingNowMs, withArrival, type MeetingClock } from "./meeting-clock.ts";
import { isSayable, writePrompt, type WrittenPrompt } from "./prompt-writer.ts";
import { QuestionCounts } from "./question-counts.ts";
import type { StoredPrompt } from "./prompts.repository.ts";
import type { Turn } from "../../vendors/language/index.ts";
import { WordsAhead, lullWords, type ComingUp } from "./words-ahead.ts";
import {
  addChunk,
  coachAskedLast,
  emptyTimeline,
  speakingStats,
  withoutWords,
  type Timeline,
} from "./timeline.ts";
import { chooseTrigger, type Answer, type ChosenTrigger } from "./trigger-choice.ts";
import { triggersAt, type NamedGoal } from "./trigger-rules.ts";
import { learnTopics, noTopics, topTopics, type TopicMemory } from "./topic-memory.ts";

/** Live figures are shown to people: more often than this nobody reads them, and every change is a write. */
const patchEveryMs = 3_000;
const topicsEveryMs = 15_000;
const topicsShown = 8;
/** Longer lists would be refused by the live state's schema. */
const speakersShown = 100;
const languageEvery = 20;

/** What was stored before the watch. */
export interface Recalled {
  /** In the order in which they were shown. */
  shown: readonly StoredPrompt[];
  hosts: readonly string[];
  plannedMs: number | null;
  orgId: OrgId | null;
  answers: readonly Answer[];
}

export class WatchedMeeting {
  readonly id: MeetingId;
  readonly #judge: TalkJudge;
  hostIds: readonly string[] = [];
  plannedMs: number | null = null;
  orgId: OrgId | null = null;
  /** False until what was said before the watch has been read. */
  loaded = false;
  busy = false;
  /** What a model has written for what may come up. */
  readonly words = new WordsAhead();
  /** Hosts and participants, as last read. */
  people: ReadonlySet<string> = new Set();
  readonly #buffered: { chunk: TranscriptChunk; wallMs: number }[] = [];
  #clock: MeetingClock;
  readonly #timeline: Timeline = emptyTimeline();
  #topics: TopicMemory = noTopics;
  #covered = new Set<GrowStage>();
  #shown: StoredPrompt[] = [];
  /** What the hosts have answered in other meetings. */
  #answers: readonly Answer[] = [];
  #goal: NamedGoal | null = null;
  readonly #questions: QuestionCounts;
  #english = false;
  #languageSequence = 0;
  #patchedAtMs = Number.NEGATIVE_INFINITY;
  #patchedSequence = 0;
  #topicsAtMs = Number.NEGATIVE_INFINITY;
  #topicsSequence = 0;
  #lullShown = false;
  #unread: ReadonlySet<string> = new Set();

  constructor(id: MeetingId, startedAt: Date, judge: TalkJudge) {
    this.id = id;
    this.#judge = judge;
    this.#questions = new QuestionCounts(judge);
    this.#clock = { startedAtMs: startedAt.getTime(), aheadMs: 0 };
  }

  get lastSequence(): number {
    return this.#timeline.lastSequence;
  }

  /** These people's words count as talk and are not looked at, those of before included. */
  leaveUnread(speakerIds: readonly string[]): void {
    // Also where it is the same people: somebody may let rules read on, and a model no more.
    this.words.forget();
    const unread = new Set(speakerIds);
    if (unread.size === this.#unread.size && speakerIds.every((id) => this.#unread.has(id))) return;
    this.#unread = unread;
    this.#timeline.recent = this.#timeline.recent.map((one) =>
      unread.has(one.speakerId) ? withoutWords(one) : one,
    );
    // What was learned from all words together cannot be told apart any more.
    this.#topics = noTopics;
    this.#topicsSequence = 0;
    this.#goal = null;
    for (const speakerId of unread) this.#questions.forget(speakerId);
  }

  /** Chunks of before the watch, in order; they are history, not activity of now. */
  recall(chunks: readonly TranscriptChunk[]): void {
    for (const chunk of chunks) this.#add(chunk, chunk.endMs);
  }

  /** Ends the reading of history. Silence is counted from now: while nobody watched, nobody can say what was heard. */
  finishRecall({ shown, hosts, plannedMs, orgId, answers }: Recalled, wallMs: number): void {
    this.#shown = [...shown];
    this.hostIds = hosts;
    this.plannedMs = plannedMs;
    this.orgId = orgId;
    this.#answers = answers;
    this.loaded = true;
    const lastEndMs = this.#timeline.lastActivityMs;
    if (lastEndMs !== null) {
      this.#clock = withArrival(this.#clock, lastEndMs, wallMs);
      this.#timeline.lastActivityMs = Math.max(lastEndMs, this.nowMs(wallMs));
    }
    for (const { chunk, wallMs: arrivedMs } of this.#buffered.splice(0)) this.observe(chunk, arrivedMs);
  }

  observe(chunk: TranscriptChunk, wallMs: number): void {
    if (!this.loaded) {
      this.#buffered.push({ chunk, wallMs });
      return;
    }
    if (chunk.sequence <= this.#timeline.lastSequence) return;
    this.#clock = withArrival(this.#clock, chunk.startMs, wallMs);
    this.#add(chunk, this.nowMs(wallMs));
  }

  nowMs(wallMs: number): number {
    return meetingNowMs(this.#clock, wallMs);
  }

  lull(wallMs: number): LullFinding | null {
    const last = this.#shown.at(-1);
    return detectLull(this.#timeline, this.nowMs(wallMs), {
      hostIds: this.hostIds,
      memory: {
        lastPromptAtMs: last?.atMs ?? null,
        promptedAfterSequence: last?.afterSequence ?? null,
        openPrompt: this.#isOpen(last, wallMs),
      },
    });
  }

  /** What a prompt should appear for now, beside a lull; null while there is nothing, or it is not the time. */
  trigger(wallMs: number): ChosenTrigger | null {
    const nowMs = this.nowMs(wallMs);
    const last = this.#shown.at(-1);
    const rested = last === undefined || nowMs - last.atMs >= lullRules.coolDownMs;
    if (!rested || this.#isOpen(last, wallMs) || coachAskedLast(this.#timeline, this.hostIds)) return null;
    const found = triggersAt({
      timeline: this.#timeline,
      nowMs,
      hostIds: this.hostIds,
      plannedMs: this.plannedMs,
      covered: this.#covered,
      goal: this.#goal,
      english: this.#isEnglish(),
      judge: this.#judge,
    });
    if (found.length === 0) return null;
    const here = this.#shown.flatMap(({ trigger, feedback }) =>
      feedback === null ? [] : [{ trigger, feedback }],
    );
    return chooseTrigger(found, {
      answers: [...this.#answers, ...here],
      shown: new Set(this.#shown.flatMap(({ tags }) => tags)),
    });
  }

  #isOpen(prompt: StoredPrompt | undefined, wallMs: number): boolean {
    return prompt !== undefined && prompt.feedback === null && (prompt.expiresAt?.getTime() ?? 0) > wallMs;
  }

  /** Looked at again as the talk goes on. */
  #isEnglish(): boolean {
    const { lastSequence, recent } = this.#timeline;
    if (lastSequence - this.#languageSequence >= languageEvery) {
      this.#languageSequence = lastSequence;
      this.#english = this.#judge.languageOf(recent.map(({ text }) => text)) === "english";
    }
    return this.#english;
  }

  /**
   * What will call for a prompt at that time if nothing happens until then; null where nothing will. `wording` is what
   * rules would show.
   */
  comingUp(wallMs: number): ComingUp | null {
    if (this.lull(wallMs)?.prompt === true)
      return { about: lullWords(this.lastSequence), trigger: "lull", wording: null };
    const found = this.trigger(wallMs);
    return found === null ? null : { about: found.key, trigger: found.kind, wording: found.content };
  }

  /** The newest lines with words, oldest first. */
  lastLines(count: number): Turn[] {
    return this.#timeline.recent
      .filter(({ text }) => text !== "")
      .slice(-count)
      .map(({ sequence, speakerId, text, startMs, endMs }) => ({
        sequence,
        speakerId,
        text,
        startMs,
        endMs,
      }));
  }

  shownContents(): string[] {
    return this.#shown.map(({ content }) => content);
  }

  write(lull: LullFinding, proposed: readonly WrittenPrompt[] = []): WrittenPrompt | null {
    this.#learn();
    return writePrompt({
      proposed,
      timeline: this.#timeline,
      topics: topTopics(this.#topics, topicsShown),
      hostIds: this.hostIds,
      covered: this.#covered,
      silentMs: lull.durationMs,
      shown: this.#shown,
    });
  }

  /** What a coach may see of themselves while they coach. */
  mirrorOf(userId: string): LiveMirror {
    const { speakers } = this.#timeline;
    const allMs = [...speakers.values()].reduce((sum, { talkMs }) => sum + talkMs, 0);
    const read = this.#isEnglish() && !this.#unread.has(userId);
    return {
      talkShare: allMs === 0 ? null : (speakers.get(userId)?.talkMs ?? 0) / allMs,
      questions: read ? this.#questions.of(userId) : null,
    };
  }

  remember(prompt: StoredPrompt): void {
    this.#shown = [...this.#shown.filter(({ id }) => id !== prompt.id), prompt];
  }

  answered(prompt: StoredPrompt): void {
    this.#shown = this.#shown.map((one) => (one.id === prompt.id ? prompt : one));
  }

  /** What of the live state should be written now; null where nothing is due. The beginning and end of a lull are at once. */
  duePatch(lull: LullFinding | null, wallMs: number): LiveStatePatch | null {
    const lullTurned = (lull?.detected ?? false) !== this.#lullShown;
    const figuresDue =
      this.#patchedSequence !== this.#timeline.lastSequence && wallMs - this.#patchedAtMs >= patchEveryMs;
    if (!lullTurned && !figuresDue) return null;
    this.#patchedAtMs = wallMs;
    this.#lullShown = lull?.detected ?? false;
    if (this.#patchedSequence === this.#timeline.lastSequence) return lullPatch(lull);
    this.#patchedSequence = this.#timeline.lastSequence;
    if (wallMs - this.#topicsAtMs >= topicsEveryMs) {
      this.#topicsAtMs = wallMs;
      this.#learn();
    }
    return this.#figures(lull);
  }

  /** The state to leave behind when the watch ends; null where nothing is known. */
  lastPatch(): LiveStatePatch | null {
    if (!this.loaded || this.#timeline.lastSequence === 0) return null;
    this.#learn();
    return { ...this.#figures(null), lullState: null };
  }

  #figures(lull: LullFinding | null): LiveStatePatch {
    return {
      speakingStats: speakingStats(this.#timeline).slice(0, speakersShown),
      topics: topTopics(this.#topics, topicsShown),
      ...lullPatch(lull),
    };
  }

  #add(said: TranscriptChunk, arrivedAtMs: number): void {
    const chunk = this.#unread.has(said.speakerId) ? { ...said, text: "" } : said;
    addChunk(this.#timeline, chunk, arrivedAtMs);
    this.#countQuestion(chunk);
    const stages = this.#judge.stagesIn(chunk.text);
    for (const stage of stages) this.#covered.add(stage);
    if (this.#goal === null && stages.includes("goal") && !this.hostIds.includes(chunk.speakerId)) {
      const terms = keyTerms([chunk.text], { max: 2, leastCount: 1 }).filter(isSayable);
      if (terms.length > 0) this.#goal = { sequence: chunk.sequence, terms };
    }
    // A long history is learned window by window, not only by its end.
    if (chunk.sequence - this.#topicsSequence >= 60) this.#learn();
  }

  #countQuestion({ speakerId, text }: TranscriptChunk): void {
    if (!isQuestion(text)) return;
    this.#questions.add({ speakerId, text, before: this.#timeline.recent.at(-2)?.text ?? null });
  }

  #learn(): void {
    if (this.#topicsSequence === this.#timeline.lastSequence) return;
    this.#topicsSequence = this.#timeline.lastSequence;
    this.#topics = learnTopics(
      this.#topics,
      this.#timeline.recent.map(({ text }) => text),
    );
  }
}

function lullPatch(lull: LullFinding | null): LiveStatePatch {
  if (lull === null) return {};
  const { detected, lastActivityMs, durationMs } = lull;
  return {
    lullState: { detected, lastActivityMs: Math.round(lastActivityMs), durationMs: Math.round(durationMs) },
  };
}
