// The video port: what a browser needs to see and hear the others.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { CallAccess } from "../../../shared/schemas/video.ts";

export interface VideoProvider {
  mode: "peer-to-peer" | "stream";
  /** Access for one person to one meeting's call; the caller has checked the policy. */
  access(actor: Actor, meetingId: MeetingId): Promise<CallAccess>;
}
