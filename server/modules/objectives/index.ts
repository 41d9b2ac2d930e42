// Service level objectives: counted from the metrics of every process, kept for a month, shown to administrators.
import type { Objectives } from "../../../shared/schemas/objectives.ts";

export { createObjectivesModule } from "./objectives.service.ts";

export interface ObjectivesService {
  /** All processes together, up to what was counted last. */
  report(query: { hours: number }): Promise<Objectives>;
  /** Counts what has happened since the last time, once a minute from now on. */
  start(): void;
  /** Counts once more. */
  stop(): Promise<void>;
}
