// Before a call: what is still open between its people, where their last calls ended, and ideas to open with.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Brief } from "../../../shared/schemas/briefs.ts";

export { createBriefsModule } from "./briefs.service.ts";

export interface BriefsService {
  /** The actor's own, from what they may read now. Throws NOT_FOUND to strangers and FORBIDDEN to observers. */
  brief(actor: Actor, meetingId: MeetingId): Promise<Brief>;
  /** Gives up what a model is writing. */
  stop(): Promise<void>;
}
