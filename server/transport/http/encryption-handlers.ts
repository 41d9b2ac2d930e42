// What the endpoints of encryption do.
import type { EncryptionService } from "../../modules/encryption/index.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createEncryptionHandlers(
  encryption: EncryptionService,
): Pick<Handlers, "encryptionStatus" | "rotateKeys"> {
  return {
    encryptionStatus: () => encryption.status(),
    rotateKeys: (actor) => encryption.rotate(actor),
  };
}
