// Matching put together: the live queue on its store, what it asks of others, and what it does when something has happened.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { Blocks } from "../people/index.ts";
import type { RatingsService } from "../ratings/index.ts";
import type { UsersService } from "../users/index.ts";
import type { MatchingService } from "./index.ts";
import { createWeightsRepository } from "./learning/weights.repository.mongo.ts";
import { createAftermath } from "./queue/aftermath.ts";
import { createOutcomesRepository } from "./queue/outcomes.repository.mongo.ts";
import { createQueuePorts, type BusyTimes, type PortsOptions } from "./queue/queue.ports.ts";
import { createQueuePresenter } from "./queue/queue.presenter.ts";
import { createQueueRepository } from "./queue/queue.repository.mongo.ts";
import { createQueueService } from "./queue/queue.service.ts";
import type { QueuePorts, QueueView } from "./queue/queue.views.ts";
import { createTicking } from "./queue/ticking.ts";
import { defaultWeights, type MatchingWeights } from "./score/weights.ts";

export interface MatchingOptions {
  connection: mongoose.Connection;
  users: Pick<UsersService, "byIds" | "profiles">;
  blocks: Blocks;
  organizations: Pick<OrganizationsService, "membersAmong">;
  meetings: Pick<MeetingsService, "create" | "record" | "recentlyConcluded"> & BusyTimes;
  ratings: Pick<RatingsService, "scoresOf">;
  vectorOf: PortsOptions["vectorOf"];
  weights?: MatchingWeights;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}

const meetingMinutes = 30;

export async function createMatchingModule(options: MatchingOptions): Promise<MatchingService> {
  const { connection, bus, clock, ids, logger } = options;
  const repository = await createQueueRepository(connection);
  const outcomes = await createOutcomesRepository(connection);
  const applied = await createWeightsRepository(connection);
  const usual = options.weights ?? defaultWeights;
  const ports: QueuePorts = {
    ...createQueuePorts({ ...options, repository, outcomes, meetingMinutes }),
    ...countedBy(options.metrics),
    weightsOf: async (orgId) => (await applied.versions(orgId as OrgId, 1))[0]?.weights ?? usual,
    changed: (people) => bus.publish("matching.changed", { userIds: [...people] }),
  };
  const queue = createQueueService({
    repository,
    outcomes,
    ports,
    weights: usual,
    requirements: { lengthMs: meetingMinutes * 60_000 },
    clock,
    ids,
  });
  const present = createQueuePresenter(options);
  const aftermath = createAftermath({ ...options, repository, outcomes });
  const ticking = createTicking({ queue, clock, logger });
  const shown = async (actor: Actor, view: Promise<QueueView>) => present(actor, await view);

  return {
    mine: (actor) => shown(actor, queue.view(actor)),
    enter(actor, { availableFrom, availableTo, roles, constraints }) {
      const entering = {
        availableFrom: availableFrom === undefined ? clock.now() : new Date(availableFrom),
        availableTo: new Date(availableTo),
        roles,
        wishes: constraints,
      };
      return shown(actor, queue.enter(actor, entering));
    },
    accept: (actor, proposalId) => shown(actor, queue.accept(actor, proposalId)),
    decline: (actor, proposalId) => shown(actor, queue.decline(actor, proposalId)),
    leave: (actor) => shown(actor, queue.leave(actor)),

    consequences: {
      async personEnded({ userId, orgId }) {
        if (userId !== null && orgId !== null) await queue.withdrawFrom(userId, orgId);
        else if (userId !== null) await queue.withdraw(userId);
        else if (orgId !== null) await queue.withdrawAll(orgId);
      },
      connectionChanged: (one, other) => queue.separate(one, other),
      profileChanged: (userId) => queue.renew(userId),
      queueChanged: () => ticking.soon(),
      meetingEnded: (meetingId) => aftermath.meetingEnded(meetingId),
      ratingChanged: (meetingId) => aftermath.ratingChanged(meetingId),
    },

    start(crowdChanged) {
      ticking.start(crowdChanged);
      aftermath
        .recordMissed()
        .catch((error: unknown) =>
          logger.error({ error: error as Error }, "what became of matches could not be recorded"),
        );
    },
    stop: () => ticking.stop(),
  };
}

function countedBy(metrics: Metrics): Pick<QueuePorts, "happened"> {
  const events = metrics.counter(
    "matching_queue_events_total",
    "People who entered, answered, left or were matched, and proposals made to them",
    ["event"],
  );
  const waited = metrics.counter(
    "matching_queue_waited_seconds_total",
    "How long those who were matched had waited, all together",
  );
  return {
    happened(event, waitedSeconds) {
      events.inc({ event });
      if (waitedSeconds !== undefined) waited.inc(waitedSeconds);
    },
  };
}
