// Passages: stretches of transcripts as vectors, so that what was said is found across one's calls.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { FoundPassage } from "../../../shared/schemas/passages.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";

export { createPassagesRepository } from "./passages.repository.mongo.ts";
export { createPassagesModule } from "./passages.service.ts";

export interface PassagesService {
  /** Enqueues that the meeting's passages are put in, or taken out, as people allow now; safe to repeat. */
  reconsider(meetingId: MeetingId): Promise<void>;
  /** In the actor's own meetings, best first. Throws CONSENT_MISSING where the question may go to no machine. */
  search(actor: Actor, question: { query: string; limit: number }): Promise<FoundPassage[]>;
  /** What of the meeting a machine of this kind may read now; without an actor, for whoever checks access by themselves. */
  readable(meetingId: MeetingId, mode: "rules" | "model"): Promise<Segment[]>;
  /** What the vectors are made by. */
  readonly vectors: "lexical" | "model";
  /** Which index is in use, and how far a move is. */
  status(): Promise<{ provider: string; complete: boolean; done: number; total: number }>;
  /** Registers what is configured, and begins to move where that is another index or model than before. */
  start(): Promise<void>;
}
