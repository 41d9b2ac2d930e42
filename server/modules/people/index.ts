// People to each other: what they tell of themselves, how two of them stand to one another, and finding them.
import type { Actor } from "../../../shared/actor.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  ConnectionAction,
  Connections,
  Person,
  PersonSummary,
  Profile,
  SearchPeople,
  UpdateProfile,
} from "../../../shared/schemas/people.ts";

export { createBlocks } from "./blocks.ts";
export { createConnectionsRepository } from "./connections.repository.mongo.ts";
export { createPeopleModule } from "./people.service.ts";

/** Who keeps away from whom; asked by whatever brings people together. */
export interface Blocks {
  /** Who of `others` has blocked the person or is blocked by them; which of both is nobody's business. */
  among(userId: UserId, others: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** Who of these people wants to keep away from whom of them. For deciding who stays; not to be shown. */
  pairsAmong(people: readonly UserId[]): Promise<{ by: UserId; of: UserId }[]>;
}

export interface PeopleService {
  ownProfile(actor: Actor): Promise<Profile>;
  updateProfile(actor: Actor, change: UpdateProfile): Promise<Profile>;
  /** Throws NOT_FOUND where the actor may not see them, and in the same words where there is nobody. */
  person(actor: Actor, userId: UserId): Promise<Person>;
  /** Those of the organisation that the session is in; without words all of them. */
  search(actor: Actor, query: SearchPeople): Promise<Page<PersonSummary>>;
  connections(actor: Actor): Promise<Connections>;
  /** Idempotent. Throws NOT_FOUND as `person`, CONFLICT where there is nothing to answer or there are too many. */
  changeConnection(actor: Actor, userId: UserId, action: ConnectionAction): Promise<Connections>;
}
