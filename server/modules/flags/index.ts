// Feature flags: defined in code, decided by operators, evaluated through OpenFeature from memory.
import type { Actor } from "../../../shared/actor.ts";
import type { FlagKey } from "../../../shared/flags.ts";
import type { MeetingId, OrgId } from "../../../shared/ids.ts";
import type { ChangeFlag, ClientFlags, Flag } from "../../../shared/schemas/flags.ts";

export { createFlagsModule } from "./flags.service.ts";

/** For whom a flag is asked; a meeting belongs to no organisation here. */
export type FlagSubject = Pick<Actor, "userId" | "email" | "orgId"> | { meetingId: MeetingId };

export interface FlagsService {
  /** Never rejects: where nothing is known the flag's default counts. Costs no reading of the store. */
  isOn(key: FlagKey, subject: FlagSubject): Promise<boolean>;
  /** What clients are told. */
  forClient(actor: Actor): Promise<ClientFlags>;
  list(): Promise<{ environment: string; flags: Flag[] }>;
  /** Throws CONFLICT where the flag has changed since `version`. */
  change(actor: Actor, key: FlagKey, change: ChangeFlag): Promise<Flag>;
  forOrganization(orgId: OrgId): {
    flags: { key: string; description: string; state: "on" | "off" | "for-some"; percentage: number }[];
  };
  /** Resolves when a reading under way is done. */
  settled(): Promise<void>;
  /** Reads everything; from then on again at every change that is heard of, and every half minute. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
