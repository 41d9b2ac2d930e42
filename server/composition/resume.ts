// After a restart: running meetings are watched again and hold nobody who is gone, and no concluded meeting stays without its recap and review.
import type { FeedbackService } from "../modules/feedback/index.ts";
import type { InsightsService } from "../modules/insights/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { PromptsService } from "../modules/prompts/index.ts";

interface Parts {
  meetings: MeetingsService;
  prompts: PromptsService;
  insights: InsightsService;
  feedback: FeedbackService;
  /** Other processes serve people, too: who is present is then not for this one to say. */
  othersLive: boolean;
}

/** A crash between the end of a meeting and the enqueueing of its recap is healed here; both steps may be repeated. */
export async function resumeAfterRestart(parts: Parts): Promise<void> {
  const { meetings, prompts, insights, feedback, othersLive } = parts;
  for (const record of await meetings.running()) {
    if (!othersLive) await meetings.clearPresence(record.id);
    if (record.startedAt !== null) prompts.watch(record.id, record.startedAt);
    insights.live.watch(record.id);
  }
  for (const record of await meetings.recentlyConcluded()) {
    await insights.prepare(record.id);
    await feedback.prepare(record.id);
  }
}
