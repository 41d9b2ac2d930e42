// Sound and picture between the people of a call, whoever carries them; the screens know only this.
import type { CallPeer, MediaState } from "../../../../shared/protocol/socket-events.ts";

export interface LocalTracks {
  audio: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
}

export type LinkState = "connecting" | "connected" | "interrupted" | "failed";

/** What arrives from one peer. Tracks exist from the start; whether they carry anything tells the peer's media state. */
export interface RemoteMedia {
  audio: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  link: LinkState;
}

export interface CallConnectionState {
  status:
    { kind: "outside" } | { kind: "entering" } | { kind: "inside" } | { kind: "refused"; message: string };
  /** By peer id, without oneself. */
  remotes: ReadonlyMap<string, RemoteMedia>;
}

export interface CallConnection {
  getState(): CallConnectionState;
  subscribe(listener: () => void): () => void;
  /** Joins, or joins anew after a break; the connections from before are dropped. Never rejects: see `status`. */
  enter(): Promise<void>;
  /** What is sent from now on; null sends nothing. May be called at any time. */
  setTracks(tracks: LocalTracks): void;
  /** What the others are told of one's devices. */
  setMedia(media: MediaState): void;
  close(): void;
}

/** How peers find each other; the server relays and never reads. */
export interface Signalling {
  enter(media: MediaState): Promise<{ peerId: string; peers: CallPeer[] }>;
  leave(): Promise<unknown>;
  setMedia(media: MediaState): Promise<unknown>;
  signal(toPeerId: string, kind: "description" | "candidate", payload: string): Promise<unknown>;
  onSignal(
    listener: (fromPeerId: string, kind: "description" | "candidate", payload: string) => void,
  ): () => void;
  onPeers(listener: (peers: CallPeer[]) => void): () => void;
}
