// The keys of personal fields while the product runs: what is under which, and the change from one to another.
import type { Actor } from "../../../shared/actor.ts";
import type { EncryptionStatus } from "../../../shared/schemas/encryption.ts";

export { createEncryptionModule } from "./encryption.service.ts";

export interface EncryptionService {
  status(): Promise<EncryptionStatus>;
  /**
   * Begins to encrypt with the first key whatever is not; one that runs goes on. Durable when it resolves. CONFLICT where
   * nothing is encrypted here.
   */
  rotate(actor: Actor): Promise<EncryptionStatus>;
  /** Begins by itself where this process alone uses the store and its first key has never taken everything over. */
  start(): Promise<void>;
}
