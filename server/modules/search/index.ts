// Questions across one's own calls: found by words and vectors, answered with what was said, and cited.
import type { Actor } from "../../../shared/actor.ts";
import type { AskAnswer } from "../../../shared/schemas/ask.ts";

export { createSearchModule } from "./ask.service.ts";

export interface SearchService {
  /**
   * From calls that the actor may read now, and words that a machine may read now. Throws CONSENT_MISSING where machines
   * are switched off for the organisation, or the actor does not want them.
   */
  ask(actor: Actor, question: string): Promise<AskAnswer>;
}
