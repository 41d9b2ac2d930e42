// Matching among the other modules: what it is given, and of which events it hears.
import type { Realtime } from "../../realtime/index.ts";
import {
  createMatchingModule,
  type MatchingOptions,
  type MatchingService,
} from "../modules/matching/index.ts";
import { createBlocks } from "../modules/people/index.ts";
import type { EventBus } from "../platform/event-bus.ts";
import type { ProfileVectors } from "./profile-vectors.ts";
import type { Logger } from "../platform/logger.ts";

type Connections = Parameters<typeof createBlocks>[0];

export function createMatching(
  parts: Omit<MatchingOptions, "blocks" | "vectorOf"> & {
    connections: Connections;
    vectorsOf: ProfileVectors;
  },
): Promise<MatchingService> {
  return createMatchingModule({
    ...parts,
    blocks: createBlocks(parts.connections),
    vectorOf: async (person) => (await parts.vectorsOf([person])).get(person.userId) ?? null,
  });
}

/** For processes that serve: each keeps its own picture of the queue, and tells the pages that it shows it to. */
export function connectMatching(parts: {
  bus: EventBus;
  realtime: Pick<Realtime, "invalidate">;
  matching: MatchingService;
  logger: Logger;
}): void {
  const { bus, realtime, matching, logger } = parts;
  const { consequences } = matching;
  const later = (event: string, work: Promise<void>) => {
    work.catch((error: unknown) =>
      logger.error({ event, error: error as Error }, "consequence for the matching queue failed"),
    );
  };
  bus.subscribe("matching.changed", ({ userIds }) => {
    for (const userId of userIds) realtime.invalidate(`matching:${userId}`);
    consequences.queueChanged();
  });
  bus.subscribe("person.ended", (whom) => later("person.ended", consequences.personEnded(whom)));
  bus.subscribe("connection.changed", ({ userIds }) =>
    later("connection.changed", consequences.connectionChanged(...userIds)),
  );
  bus.subscribe("profile.changed", ({ userId }) =>
    later("profile.changed", consequences.profileChanged(userId)),
  );
  bus.subscribe("rating.changed", ({ meetingId }) =>
    later("rating.changed", consequences.ratingChanged(meetingId)),
  );
  bus.subscribe("meeting.changed", ({ meetingId, change }) => {
    if (change === "ended") later("meeting.changed", consequences.meetingEnded(meetingId));
  });
  matching.start(() => realtime.invalidate("matching:queue"));
}
