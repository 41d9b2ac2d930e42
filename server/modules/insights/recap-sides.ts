// What a recap shows beside what it keeps, read for its reader at the moment: addresses in chat and shared notes, and a coach's own hints.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Insight, Recommendation, SharedLink } from "../../../shared/schemas/insights.ts";
import type { FeedbackService } from "../feedback/index.ts";
import type { MeetingAccess } from "../meetings/index.ts";
import type { MessagingService } from "../messaging/index.ts";
import type { NotesService } from "../notes/index.ts";
import type { InsightsRepository, StoredInsight } from "./insights.repository.ts";
import { coachHintsOf, quoteOf } from "./recommendations.ts";
import { chatLinks, distinctLinks, notesLinks, presentSaid } from "./shared-links.ts";

export interface RecapSidesOptions {
  messaging: Pick<MessagingService, "list">;
  /** Of the shared layer alone: nobody's own notes are read. */
  notes: Pick<NotesService, "read">;
  feedback: Pick<FeedbackService, "review">;
}

/** A chat that goes on beyond has its first addresses shown. */
const messagesMost = 2_000;

export function createRecapSides({
  messaging,
  notes,
  feedback,
  repository,
}: RecapSidesOptions & { repository: Pick<InsightsRepository, "segmentAt"> }) {
  /** Null where the reader may not see it, or it is kept no longer. */
  async function allowed<Value>(reading: Promise<Value>): Promise<Value | null> {
    try {
      return await reading;
    } catch (error) {
      const kind = error instanceof AppError ? error.kind : null;
      if (kind === "not-found" || kind === "forbidden" || kind === "conflict") return null;
      throw error;
    }
  }

  async function inChat(actor: Actor, meetingId: MeetingId): Promise<SharedLink[]> {
    const links: SharedLink[] = [];
    let read = 0;
    for (let from: number | null = 0; from !== null && read < messagesMost;) {
      const query: Parameters<MessagingService["list"]>[2] = {
        fromSequence: from,
        limit: limits.pageMaxItems,
      };
      const page: Awaited<ReturnType<MessagingService["list"]>> | null = await allowed(
        messaging.list(actor, meetingId, query),
      );
      if (page === null) break;
      links.push(...chatLinks(page.messages));
      read += page.messages.length;
      from = page.nextFromSequence;
    }
    return links;
  }

  async function hints(actor: Actor, meetingId: MeetingId): Promise<Recommendation[]> {
    const review = (await allowed(feedback.review(actor, meetingId)))?.review ?? null;
    if (review === null) return [];
    return Promise.all(
      coachHintsOf(review).map(async ({ content, confidence, moments }) => ({
        type: "coaching",
        content,
        confidence,
        citations: (
          await Promise.all(
            moments.map(async (moment) => {
              const segment = await repository.segmentAt(meetingId, moment.sequence);
              const quote = quoteOf(moment);
              if (segment === null || quote === "") return [];
              const { sequence, startMs, speakerId } = moment;
              return [{ segmentId: segment.id, sequence, startMs, speakerId, quote }];
            }),
          )
        ).flat(),
      })),
    );
  }

  return {
    async of(
      actor: Actor,
      access: MeetingAccess,
      insight: StoredInsight,
    ): Promise<Pick<Insight, "recommendations" | "links">> {
      const { meetingId, role } = access;
      const [chat, shared, own] = await Promise.all([
        inChat(actor, meetingId),
        allowed(notes.read(actor, meetingId, "shared")),
        role === "host" ? hints(actor, meetingId) : [],
      ]);
      return {
        recommendations: [...insight.recommendations, ...own.filter(({ citations }) => citations.length > 0)],
        links: distinctLinks([
          ...insight.links.map(presentSaid),
          ...chat,
          ...notesLinks(shared?.content ?? ""),
        ]),
      };
    },
  };
}
