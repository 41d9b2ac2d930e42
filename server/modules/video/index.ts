// Sound and picture of calls: who is let into a room, and that whoever loses the right to it is taken out.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { CallAccess, StreamDelivery } from "../../../shared/schemas/video.ts";
import type { VideoProvider } from "../../vendors/video/index.ts";

export { createVideoModule } from "./video.module.ts";

export interface VideoService {
  readonly mode: VideoProvider["mode"];
  /** How many a call has room for. */
  readonly maxPeers: number;
  /** Throws as `authorize` does of entering the call, and VENDOR_ERROR where the service behind it does not answer. */
  access(actor: Actor, meetingId: MeetingId): Promise<CallAccess>;
  /** What the service tells, proved. Resolves when it is durable; may be repeated. */
  receive(delivery: StreamDelivery): Promise<void>;
  /** Consequences of what is durable already, each asked of the meeting as it is now; null where no room is kept. */
  readonly rooms: VideoConsequences | null;
}

export interface VideoConsequences {
  /** A place in the meeting was changed or taken, or what it depends on. */
  placeChanged(meetingId: MeetingId, userId: UserId): Promise<void>;
  /** Somebody's answers say who may observe. */
  consentChanged(meetingId: MeetingId): Promise<void>;
  /** Somebody may not be here any more, or not in this organisation. */
  personEnded(userId: UserId, orgId: OrgId | null): Promise<void>;
  meetingEnded(meetingId: MeetingId): Promise<void>;
}
