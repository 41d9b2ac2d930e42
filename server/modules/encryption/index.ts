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
  /**
   * Begins by itself where the first key has never taken everything over, or not the fields that are encrypted now: on a
   * store that this process alone uses, and on any other once an operator has moved everything to this key.
   */
  start(): Promise<void>;
}
