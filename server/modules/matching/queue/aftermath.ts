// What became of matches, recorded with the factors by which they were made: who came, and how they rated it.
import type { MeetingId } from "../../../../shared/ids.ts";
import type { MeetingsService } from "../../meetings/index.ts";
import type { RatingsService } from "../../ratings/index.ts";
import type { OutcomesRepository } from "./outcomes.repository.ts";
import type { Proposal, QueueRepository } from "./queue.repository.ts";

export interface AftermathOptions {
  repository: Pick<QueueRepository, "ofMeetings">;
  outcomes: OutcomesRepository;
  meetings: Pick<MeetingsService, "record" | "recentlyConcluded">;
  ratings: Pick<RatingsService, "scoresOf">;
}

const meetingsAtOnce = 200;

export function createAftermath({ repository, outcomes, meetings, ratings }: AftermathOptions) {
  async function conclude({ id, people, meetingId }: Proposal): Promise<void> {
    const record = await meetings.record(meetingId as MeetingId);
    if (record?.state !== "concluded") return;
    // Of whoever has no place in it any more nothing is said.
    const places = record.participants.filter(({ userId }) => people.includes(userId));
    const both = places.length === people.length && places.every(({ everJoined }) => everJoined);
    for (const { userId, everJoined } of places)
      await outcomes.conclude(id, userId, { came: everJoined, outcome: both ? "completed" : "accepted" });
  }

  return {
    /** May be repeated; nothing where the meeting came of no match. */
    async meetingEnded(meetingId: MeetingId): Promise<void> {
      for (const proposal of await repository.ofMeetings([meetingId])) await conclude(proposal);
    },

    /** As ratings stand now, given or taken back. */
    async ratingChanged(meetingId: MeetingId): Promise<void> {
      for (const { id, people } of await repository.ofMeetings([meetingId])) {
        const scores = new Map(
          (await ratings.scoresOf([meetingId])).map(({ userId, score }) => [userId, score]),
        );
        for (const userId of people) await outcomes.rate(id, userId, scores.get(userId) ?? null);
      }
    },

    /** What a process did not live to record of meetings that are over. */
    async recordMissed(): Promise<void> {
      const over = (await meetings.recentlyConcluded()).map(({ id }) => id);
      for (let at = 0; at < over.length; at += meetingsAtOnce)
        for (const proposal of await repository.ofMeetings(over.slice(at, at + meetingsAtOnce)))
          if ((await outcomes.ofMatches([proposal.id])).some(({ came }) => came === null))
            await conclude(proposal);
    },
  };
}
