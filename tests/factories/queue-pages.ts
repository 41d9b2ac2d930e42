// The live matching queue as people see it on pages of several nodes, and when somebody appears in it or is gone.
import { once } from "node:events";
import type { ServerEventPayload } from "../../shared/protocol/socket-events.ts";
import type { OwnMatching } from "../../shared/schemas/matching.ts";
import type { Person, RightsWorld } from "./rights.ts";
import { emitOk } from "./sockets.ts";

/** For two hours, with people of their own organisation. */
export const enterQueue = (rights: RightsWorld, who: Person) =>
  rights.ask<OwnMatching>(who, "POST", "/api/v1/matching/queue", {
    availableTo: new Date(Date.now() + 2 * 60 * 60_000).toISOString(),
  });

/** One's page of the queue at a node; `shows` resolves with the moment in which it shows somebody, or does not any more. */
export async function watchQueue({ world }: RightsWorld, url: string, who: Person) {
  const socket = await world.connect(url, who);
  const updates = new EventTarget();
  let shown: string[] = [];
  const take = (snapshot: unknown) => {
    shown = (snapshot as OwnMatching).proposals.map((proposal) => proposal.with.userId);
    updates.dispatchEvent(new Event("update"));
  };
  const { id, snapshot } = await emitOk(socket, "live:subscribe", { query: "matching", args: {} });
  socket.on("live:update", (update: ServerEventPayload<"live:update">) => {
    if (update.id === id && update.error === undefined) take(update.snapshot);
  });
  take(snapshot);
  return {
    async shows({ userId }: Person, there: boolean): Promise<number> {
      while (shown.includes(userId) !== there) await once(updates, "update");
      return performance.now();
    },
  };
}
