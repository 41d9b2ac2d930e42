// Stored rounds and weights put together on their store; what they ask of the rest of the product is handed in.
import type mongoose from "mongoose";
import type { Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { AuditService } from "../../audit/index.ts";
import { createWeightsRepository } from "../learning/weights.repository.mongo.ts";
import { createWeightsService, type WeightsService } from "../learning/weights.service.ts";
import { createOutcomesRepository } from "./pairing-outcomes.repository.mongo.ts";
import type { PairingPorts } from "./pairing.ports.ts";
import { createPairingRepository } from "./pairing.repository.mongo.ts";
import { createPairingService, type PairingService } from "./pairing.service.ts";

export { madeEmail, reminderEmail } from "./reminder-email.ts";
export type { PairingPerson, PairingPorts, PairingProfile } from "./pairing.ports.ts";
export type { PairingService, WeightsService };

/** Registers jobs, so it is called before the jobs start. */
export async function createPairingModule(options: {
  connection: mongoose.Connection;
  ports: PairingPorts;
  jobs: Jobs;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
}): Promise<{ pairing: PairingService; matchingWeights: WeightsService }> {
  const rounds = await createPairingRepository(options.connection);
  const outcomes = await createOutcomesRepository(options.connection);
  const matchingWeights = createWeightsService({
    ...options,
    repository: await createWeightsRepository(options.connection),
    outcomes,
    rounds,
  });
  const pairing = createPairingService({
    ...options,
    repository: rounds,
    outcomes,
    weightsOf: matchingWeights.of,
  });
  return { pairing, matchingWeights };
}
