// Deletion of a person: what they said and wrote is taken out everywhere, what is others' stays.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { DeletionStatus, RequestDeletion } from "../../../shared/schemas/deletion.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { AuditService } from "../audit/index.ts";
import { createDeletionsRepository } from "./deletion.repository.mongo.ts";
import { createDeletionService } from "./deletion.service.ts";
import { createDeletionSteps, type StepParts } from "./deletion.steps.ts";
import { createAccountEraser } from "./erase-account.mongo.ts";
import { createMadeEraser } from "./erase-made.mongo.ts";
import { createMeetingsEraser } from "./erase-meetings.mongo.ts";
import { createTalkEraser } from "./erase-talk.mongo.ts";

export interface DeletionService {
  status(actor: Actor): Promise<DeletionStatus>;
  /** Throws VALIDATION_ERROR where the phrase was not typed, FORBIDDEN to keys and impersonators. */
  request(actor: Actor, input: RequestDeletion): Promise<DeletionStatus>;
  /** Nothing happens where none waits. Throws CONFLICT where it has begun, FORBIDDEN as above. */
  cancel(actor: Actor): Promise<DeletionStatus>;
  /** The identity vendor has deleted the person: begins at once. May be repeated. */
  requestByVendor(userId: UserId): Promise<void>;
  /** Whatever a crash has left asked for and not begun goes on. */
  start(): Promise<void>;
}

export type DeletionOptions = Omit<StepParts, "account" | "meetingsEraser" | "talk" | "made"> & {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  jobs: Jobs;
  audit: AuditService;
  metrics: Metrics;
  /** So long a person can change their mind. */
  graceMs: number;
};

/** Registers its job, so it is made before the jobs start. */
export async function createDeletionModule(options: DeletionOptions): Promise<DeletionService> {
  const { connection } = options;
  return createDeletionService({
    ...options,
    repository: await createDeletionsRepository(connection),
    steps: createDeletionSteps({
      ...options,
      account: createAccountEraser(connection, options.cipher),
      meetingsEraser: createMeetingsEraser(connection),
      talk: createTalkEraser(connection),
      made: createMadeEraser(connection),
    }),
  });
}
