// Who keeps away from whom, as other modules may know it: that it is so, not who wanted it.
import type { UserId } from "../../../shared/ids.ts";
import type { ConnectionsRepository } from "./connections.repository.ts";
import { otherOf, pairId, pairIdsAmong } from "./connections.ts";
import type { Blocks } from "./index.ts";

/** Pairs asked for at once. */
const pairsAtOnce = 500;

export function createBlocks(repository: Pick<ConnectionsRepository, "blockedAmong">): Blocks {
  async function blockedIn(pairIds: readonly string[]) {
    const pages = [];
    for (let start = 0; start < pairIds.length; start += pairsAtOnce)
      pages.push(repository.blockedAmong(pairIds.slice(start, start + pairsAtOnce)));
    return (await Promise.all(pages)).flat();
  }

  return {
    async among(userId, others) {
      const found = await blockedIn(
        others.filter((other) => other !== userId).map((other) => pairId(userId, other)),
      );
      return new Set<UserId>(found.map((pair) => otherOf(pair, userId)));
    },
    pairsAmong: async (people) =>
      (await blockedIn(pairIdsAmong(people))).flatMap((pair) =>
        pair.blockedBy.map((by) => ({ by, of: otherOf(pair, by) })),
      ),
  };
}
