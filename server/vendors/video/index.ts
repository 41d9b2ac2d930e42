// The video port: what a browser needs to see and hear the others, and what ends it.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { CallAccess } from "../../../shared/schemas/video.ts";

export interface CallEntry {
  meetingId: MeetingId;
  userId: UserId;
  role: MeetingRole;
}

export interface VideoProvider {
  mode: "peer-to-peer" | "stream";
  maxPeers: number;
  /** Access for one person to one meeting's call; the caller has checked the policy. Throws VENDOR_ERROR. */
  access(entry: CallEntry): Promise<CallAccess>;
  /**
   * Null where nobody but the browsers carries the call. Each may be repeated, does nothing where there is no room, and
   * throws VENDOR_ERROR.
   */
  rooms: VideoRooms | null;
}

export interface VideoRooms {
  /** The person may do in the room what the role allows, from now on. */
  changeRole(entry: CallEntry): Promise<void>;
  /** The person is taken out of the room and does not come back in by what they were given. */
  remove(meetingId: MeetingId, userId: UserId): Promise<void>;
  /** Everybody is taken out, and nobody comes in. */
  end(meetingId: MeetingId): Promise<void>;
}

/** What a vendor tells of a call, as far as anybody here listens. */
export type VideoEvent =
  | { kind: "caption"; meetingId: MeetingId; saidAt: Date; caption: VideoCaption }
  | { kind: "joined" | "left"; meetingId: MeetingId; saidAt: Date; userId: UserId }
  | {
      kind: "said";
      meetingId: MeetingId;
      saidAt: Date;
      what: "ended" | "recording-ready" | "transcription-ready";
    }
  /** Of a call that is not one of ours, or of a kind that nobody listens to. */
  | { kind: "other" };

export interface VideoCaption {
  /** The vendor's own id of the utterance. */
  id: string;
  speakerId: UserId;
  text: string;
  startsAt: Date;
  endsAt: Date;
}
