// Prompts as use cases: watching running meetings second by second, and what the coach reads and answers.
import { createHash } from "node:crypto";
import type mongoose from "mongoose";
import { z } from "zod";
import { mayBeReadByMachine } from "../../../shared/consent-rules.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import {
  promptIdSchema,
  type MeetingId,
  type OrgId,
  type PromptId,
  type UserId,
} from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Prompt } from "../../../shared/schemas/prompts.ts";
import type { Clock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { GatedIdeas } from "../../vendors/language/index.ts";
import type { TalkJudge } from "../feedback/index.ts";
import type { LiveStatePatch, MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { PromptsService } from "./index.ts";
import type { LullFinding } from "./lull-detector.ts";
import type { WrittenPrompt } from "./prompt-writer.ts";
import type { PromptsRepository, StoredPrompt } from "./prompts.repository.ts";
import { createPromptsRepository } from "./prompts.repository.mongo.ts";
import { WatchedMeeting } from "./watched-meeting.ts";
import { createWordsAsker, lullWords } from "./words-ahead.ts";

export interface PromptsParts {
  clock: Clock;
  meetings: Pick<MeetingsService, "authorize" | "record" | "patchLiveStates" | "consents">;
  transcripts: Pick<TranscriptsService, "readAll">;
  judge: TalkJudge;
  /** Null where no model is configured: words are the rules' then. */
  ideas: GatedIdeas | null;
  bus: EventBus;
  logger: Logger;
  /** False while such prompts are switched off for the meeting. */
  isOn(kind: "lull" | "triggers", meetingId: MeetingId): Promise<boolean>;
}

/** How often every watched meeting is looked at: with the detector's own limits a prompt is at most this late. */
const tickMs = 1_000;
/**
 * In so many parts, one after the other: looking at a thousand meetings in one go would keep everything else on this
 * thread waiting for longer than words may take from one person's mouth to the other's screen.
 */
const partsMost = 40;
/** Meetings whose live states go into one write. */
const patchesAtOnce = 200;
/** A card folds by itself after this time. */
const promptLivesMs = 90_000;
const recentPrompts = 20;
/** Enough to know what a coach thinks of such prompts, and that they may think otherwise by now. */
const answersKept = 200;
/** Prompts of a meeting that are kept in mind, so that none comes twice. */
const rememberedPrompts = limits.pageMaxItems;

const cursorSchema = z.tuple([promptIdSchema]);

export async function createPromptsModule({
  connection,
  ...parts
}: PromptsParts & { connection: mongoose.Connection }): Promise<PromptsService> {
  return createPromptsService({ ...parts, repository: await createPromptsRepository(connection) });
}

export function createPromptsService({
  clock,
  meetings,
  transcripts,
  judge,
  ideas,
  bus,
  logger,
  isOn,
  repository,
}: PromptsParts & { repository: PromptsRepository }): PromptsService {
  const watched = new Map<MeetingId, WatchedMeeting>();
  /** Where the round through all of them has come to. */
  let turn = watched.values();
  const running = new Set<Promise<void>>();
  let cancelTick: (() => void) | null = null;
  let stopped = false;

  const wallMs = () => clock.now().getTime();
  const asker = ideas === null ? null : createWordsAsker(ideas);

  /** Its failure is logged; the stop waits for it. */
  function follow(work: Promise<void>, what: string, meeting: WatchedMeeting | null = null): void {
    const task = work
      .catch((error: unknown) =>
        logger.warn(
          { ...(meeting !== null && { meetingId: meeting.id }), error: error as Error },
          `prompts: ${what} failed`,
        ),
      )
      .finally(() => {
        if (meeting !== null) meeting.busy = false;
        running.delete(task);
      });
    running.add(task);
  }

  /** Background work of a meeting: one piece at a time, tried again at the next tick. */
  function inBackground(meeting: WatchedMeeting, what: string, work: () => Promise<void>): void {
    meeting.busy = true;
    follow(work(), what, meeting);
  }

  async function load(meeting: WatchedMeeting): Promise<void> {
    await leaveUnread(meeting);
    // Repeated after a failure: what was recalled already is skipped by its sequence.
    for await (const chunks of transcripts.readAll(meeting.id)) meeting.recall(chunks);
    const shown = await repository.page(meeting.id, { limit: rememberedPrompts, before: null });
    const { hosts, plannedMs, orgId } = await planOf(meeting.id);
    const options = { except: meeting.id, limit: answersKept };
    const answers = await Promise.all(hosts.map((host) => repository.answersOf(host, options)));
    meeting.finishRecall(
      { shown: shown.reverse(), hosts, plannedMs, orgId, answers: answers.flat() },
      wallMs(),
    );
  }

  /** Whose words no rule and no model may look at. */
  async function leaveUnread(meeting: WatchedMeeting): Promise<void> {
    const consents = await meetings.consents(meeting.id);
    meeting.people = new Set(consents.keys());
    const unread = [...consents].filter(([, answers]) => !mayBeReadByMachine(answers, "rules"));
    meeting.leaveUnread(unread.map(([userId]) => userId));
  }

  bus.subscribe("consent.changed", ({ userId, meetingId }) => {
    const concerned =
      meetingId === null
        ? [...watched.values()].filter(({ people }) => people.has(userId))
        : [watched.get(meetingId)];
    for (const meeting of concerned)
      if (meeting !== undefined) follow(leaveUnread(meeting), "reading consents");
  });

  bus.subscribe("ai.changed", ({ meetingId }) => {
    for (const meeting of watched.values())
      if (meetingId === null || meeting.id === meetingId) follow(leaveUnread(meeting), "reading consents");
  });

  async function planOf(meetingId: MeetingId): Promise<Plan> {
    const record = await meetings.record(meetingId);
    const hosts = record?.participants.filter(({ role }) => role === "host") ?? [];
    const minutes = record?.durationMinutes ?? null;
    return {
      hosts: hosts.map(({ userId }) => userId),
      plannedMs: minutes === null ? null : minutes * 60_000,
      orgId: record?.orgId ?? null,
    };
  }

  function scheduleTick(): void {
    if (stopped || cancelTick !== null || watched.size === 0) return;
    const parts = Math.min(partsMost, watched.size);
    cancelTick = clock.schedule(tickMs / parts, () => {
      cancelTick = null;
      lookAt(nextOf(Math.ceil(watched.size / parts)));
      scheduleTick();
    });
  }

  /** Those that were not looked at for longest. */
  function nextOf(count: number): WatchedMeeting[] {
    const next: WatchedMeeting[] = [];
    while (next.length < count) {
      let { value: meeting } = turn.next();
      if (meeting === undefined) {
        turn = watched.values();
        meeting = turn.next().value;
        if (meeting === undefined) break;
      }
      next.push(meeting);
    }
    return next;
  }

  /** One write carries what is due of all of them. */
  function lookAt(meetingsNow: WatchedMeeting[]): void {
    const due: { meetingId: MeetingId; patch: LiveStatePatch }[] = [];
    for (const meeting of meetingsNow) {
      const patch = look(meeting);
      if (patch !== null) due.push({ meetingId: meeting.id, patch });
    }
    if (due.length > 0) follow(writePatches(due), "writing live states");
  }

  async function writePatches(due: { meetingId: MeetingId; patch: LiveStatePatch }[]): Promise<void> {
    for (let start = 0; start < due.length; start += patchesAtOnce)
      await meetings.patchLiveStates(due.slice(start, start + patchesAtOnce));
  }

  /** Starts what a meeting needs; answers what of its live state should be written now. */
  function look(meeting: WatchedMeeting): LiveStatePatch | null {
    if (meeting.busy) return null;
    if (!meeting.loaded) {
      inBackground(meeting, "reading the transcript", () => load(meeting));
      return null;
    }
    const nowMs = wallMs();
    const lull = meeting.lull(nowMs);
    const patch = meeting.duePatch(lull, nowMs);
    const trigger = meeting.trigger(nowMs);
    const asking = asker?.askAhead(meeting, nowMs) ?? null;
    if (asking !== null) follow(asking, "asking for words");
    if (lull?.prompt === true || trigger !== null)
      inBackground(meeting, "offering a prompt", () => offer(meeting, lull, trigger?.key ?? null));
    return patch;
  }

  /** A stalled call first: what else is to be said can wait until people talk again. */
  async function offer(meeting: WatchedMeeting, lull: LullFinding | null, key: string | null): Promise<void> {
    if (lull?.prompt === true && (await offerInLull(meeting, lull))) return;
    if (key !== null) await offerFor(meeting, key);
  }

  /** False where nothing was to be shown. */
  async function offerInLull(meeting: WatchedMeeting, lull: LullFinding): Promise<boolean> {
    if (!(await isOn("lull", meeting.id))) return false;
    meeting.hostIds = (await planOf(meeting.id)).hosts;
    const proposed = (await asker?.wordsFor(meeting, lullWords(meeting.lastSequence), lull)) ?? [];
    const written = meeting.write(lull, proposed);
    if (written === null) return false;
    // While the words were chosen and the hosts were read, somebody may have gone on talking, or the call ended.
    const still = meeting.lull(wallMs());
    if (still?.prompt !== true) return false;
    const about = String(meeting.lastSequence);
    await show(meeting, { ...written, trigger: "lull", about, livesMs: promptLivesMs });
    return true;
  }

  async function offerFor(meeting: WatchedMeeting, key: string): Promise<void> {
    if (!(await isOn("triggers", meeting.id))) return;
    const { hosts, plannedMs } = await planOf(meeting.id);
    meeting.hostIds = hosts;
    meeting.plannedMs = plannedMs;
    const [worded] = (await asker?.wordsFor(meeting, key, null)) ?? [];
    // As above: by now something else may be more to the point, or nothing.
    const trigger = meeting.trigger(wallMs());
    if (trigger?.key !== key) return;
    const { kind, content, reason, relevance, livesMs } = trigger;
    await show(meeting, {
      content,
      ...(worded !== undefined && { content: worded.content, generatedBy: worded.generatedBy }),
      reason,
      relevance,
      livesMs,
      trigger: kind,
      about: key,
      tags: [kind, key],
    });
  }

  async function show(
    meeting: WatchedMeeting,
    { about, livesMs, ...written }: WrittenPrompt & { trigger: string; about: string; livesMs: number },
  ): Promise<void> {
    const now = clock.now();
    const prompt: StoredPrompt = {
      ...written,
      id: promptIdOf(meeting.id, written.trigger, about),
      meetingId: meeting.id,
      type: "incall",
      atMs: Math.round(meeting.nowMs(now.getTime())),
      afterSequence: meeting.lastSequence,
      expiresAt: new Date(now.getTime() + livesMs),
      usedAt: null,
      feedback: null,
      generatedBy: written.generatedBy ?? "rules",
      createdAt: now,
    };
    if (!watched.has(meeting.id)) return;
    const inserted = await repository.insert(prompt);
    meeting.remember(prompt);
    // Where it was there already, another process that watches the same meeting has told the coach.
    if (inserted) bus.publish("prompt.created", { meetingId: meeting.id, prompt: present(prompt) });
  }

  return {
    async list(actor, meetingId, { limit, cursor }) {
      await meetings.authorize(actor, meetingId, "prompts.read");
      const size = Math.min(Math.max(limit, 1), limits.pageMaxItems);
      const before = cursor === undefined ? null : decodeCursor(cursor, cursorSchema)[0];
      const found = await repository.page(meetingId, { limit: size + 1, before });
      const items = found.slice(0, size);
      const last = items.at(-1);
      return {
        items: items.map(present),
        nextCursor: found.length > size && last !== undefined ? encodeCursor([last.id]) : null,
      };
    },

    async recent(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "prompts.read");
      return (await repository.page(meetingId, { limit: recentPrompts, before: null })).map(present);
    },

    async mirror(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "review.read");
      if (actor.impersonator !== undefined)
        throw new AppError(
          "FORBIDDEN",
          "A mirror is for the coach alone: it is closed to whoever acts as them.",
        );
      return watched.get(meetingId)?.mirrorOf(actor.userId) ?? { talkShare: null, questions: null };
    },

    async feedback(actor, meetingId, promptId, value) {
      await meetings.authorize(actor, meetingId, "prompts.feedback");
      const now = clock.now();
      const prompt = await repository.setFeedback(meetingId, promptId, {
        feedback: value,
        by: actor.userId,
        usedAt: value === "used" ? now : null,
        now,
      });
      if (prompt === null) throw notFound("This prompt");
      watched.get(meetingId)?.answered(prompt);
      bus.publish("prompt.changed", { meetingId });
      return present(prompt);
    },

    observe(meetingId, chunks) {
      const meeting = watched.get(meetingId);
      if (meeting === undefined) return;
      const arrivedMs = wallMs();
      for (const chunk of chunks) meeting.observe(chunk, arrivedMs);
    },

    watch(meetingId, startedAt) {
      if (stopped || watched.has(meetingId)) return;
      const meeting = new WatchedMeeting(meetingId, startedAt, judge);
      watched.set(meetingId, meeting);
      lookAt([meeting]);
      scheduleTick();
    },

    unwatch(meetingId) {
      const meeting = watched.get(meetingId);
      if (meeting === undefined) return;
      watched.delete(meetingId);
      const patch = meeting.lastPatch();
      if (patch !== null) follow(writePatches([{ meetingId, patch }]), "writing the last live state");
      if (watched.size === 0) {
        cancelTick?.();
        cancelTick = null;
      }
    },

    async stop() {
      stopped = true;
      cancelTick?.();
      cancelTick = null;
      watched.clear();
      asker?.stop();
      await Promise.all(running);
    },
  };
}

interface Plan {
  hosts: UserId[];
  plannedMs: number | null;
  orgId: OrgId | null;
}

/** One prompt for one lull, or one thing: the same id in every process and after every restart. */
function promptIdOf(meetingId: MeetingId, trigger: string, about: string): PromptId {
  const digest = createHash("sha256").update(`prompt/${trigger}/${meetingId}/${about}`).digest("hex");
  return promptIdSchema.parse(digest.slice(0, 24));
}

function present({ afterSequence: _, expiresAt, usedAt, createdAt, ...prompt }: StoredPrompt): Prompt {
  return {
    ...prompt,
    expiresAt: expiresAt?.toISOString() ?? null,
    usedAt: usedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
