// What flags need of their storage.
import type { FlagSettings } from "../../../shared/schemas/flags.ts";
import type { UserId } from "../../../shared/ids.ts";

export interface StoredFlag extends FlagSettings {
  key: string;
  /** Counts changes. */
  version: number;
  updatedBy: UserId;
  updatedAt: Date;
}

export interface FlagsRepository {
  all(environment: string): Promise<StoredFlag[]>;
  /** False where the stored version is not the one before `flag.version`. */
  write(environment: string, flag: StoredFlag): Promise<boolean>;
}
