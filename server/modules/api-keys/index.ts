// Keys with which machines act for an organisation, each for what it was made for.
import type { Actor } from "../../../shared/actor.ts";
import type { ApiKeyId } from "../../../shared/ids.ts";
import type { ApiKey, CreateApiKey } from "../../../shared/schemas/api-keys.ts";

export { createApiKeysModule } from "./api-keys.service.ts";

export interface ApiKeysService {
  /** The organisation's keys, newest first, revoked ones too. Throws FORBIDDEN to others than administrators, as all below. */
  list(actor: Actor): Promise<ApiKey[]>;
  /** The secret is told here and never again: only its hash is kept. Throws CONFLICT where there are too many. */
  create(actor: Actor, input: CreateApiKey): Promise<ApiKey & { secret: string }>;
  /** From then on it opens nothing, on any process. Revoking again changes nothing. */
  revoke(actor: Actor, id: ApiKeyId): Promise<void>;
  /** True where the bearer's token has the form of a key. */
  looksLikeKey(token: string): boolean;
  /**
   * Who the key acts for: the person who made it, in its organisation, with their role there now. Throws UNAUTHENTICATED
   * where it is unknown, revoked or run out, or that person does not belong there any more.
   */
  resolve(token: string): Promise<Actor>;
}
