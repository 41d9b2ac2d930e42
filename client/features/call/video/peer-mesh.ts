// Peer to peer: every browser in the call is connected with every other one.
import type { CallPeer, MediaState } from "../../../../shared/protocol/socket-events.ts";
import { toApiError } from "../../../api/errors.ts";
import type {
  CallConnection,
  CallConnectionState,
  LocalTracks,
  RemoteMedia,
  Signalling,
} from "./call-connection.ts";
import { PeerLink } from "./peer-link.ts";

export interface PeerMeshOptions {
  iceServers: RTCIceServer[];
  signalling: Signalling;
  /** One's own peer id and everybody's, after each entering. */
  onEntered: (peerId: string, peers: CallPeer[]) => void;
  initialMedia: MediaState;
}

/** Signals may overtake the list that tells of their sender; kept this far. */
const earlySignalsMax = 100;
const retryEnterAfterMs = 3_000;

export class PeerMesh implements CallConnection {
  readonly #options: PeerMeshOptions;
  readonly #links = new Map<string, PeerLink>();
  readonly #listeners = new Set<() => void>();
  readonly #removals: (() => void)[];
  #early: { from: string; kind: "description" | "candidate"; payload: string }[] = [];
  #state: CallConnectionState = { status: { kind: "outside" }, remotes: new Map() };
  #tracks: LocalTracks = { audio: null, camera: null, screen: null };
  #media: MediaState;
  #myPeerId: string | null = null;
  #entering = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: PeerMeshOptions) {
    this.#options = options;
    this.#media = options.initialMedia;
    this.#removals = [
      options.signalling.onPeers((peers) => this.#setPeers(peers)),
      options.signalling.onSignal((from, kind, payload) => this.#receive(from, kind, payload)),
    ];
  }

  readonly getState = (): CallConnectionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async enter(): Promise<void> {
    clearTimeout(this.#timer);
    const attempt = (this.#entering += 1);
    this.#myPeerId = null;
    this.#dropLinks();
    if (this.#state.status.kind !== "refused") this.#set({ kind: "entering" });
    const media = this.#media;
    try {
      const { peerId, peers } = await this.#options.signalling.enter(media);
      if (this.#closed || attempt !== this.#entering) return;
      this.#myPeerId = peerId;
      this.#options.onEntered(peerId, peers);
      this.#set({ kind: "inside" });
      this.#setPeers(peers);
      if (media !== this.#media) this.#tellMedia();
    } catch (thrown) {
      if (this.#closed || attempt !== this.#entering) return;
      const error = toApiError(thrown);
      // A lost connection enters by itself when it is back; a full call may have a free place later.
      if (error.code === "NETWORK") return;
      this.#set({ kind: "refused", message: error.message });
      if (error.retryable || error.code === "MEETING_FULL") {
        this.#timer = setTimeout(() => void this.enter(), retryEnterAfterMs);
      }
    }
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    for (const link of this.#links.values()) link.setTracks(tracks);
  }

  setMedia(media: MediaState): void {
    if (JSON.stringify(media) === JSON.stringify(this.#media)) return;
    this.#media = media;
    if (this.#myPeerId !== null) this.#tellMedia();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const remove of this.#removals) remove();
    this.#dropLinks();
    this.#listeners.clear();
    if (this.#myPeerId !== null) this.#options.signalling.leave().catch(() => undefined);
  }

  #tellMedia(): void {
    // Without a connection the next entering tells it.
    this.#options.signalling.setMedia(this.#media).catch(() => undefined);
  }

  #setPeers(peers: CallPeer[]): void {
    const mine = this.#myPeerId;
    if (mine === null || this.#closed) return;
    const others = new Set(peers.map((peer) => peer.peerId).filter((peerId) => peerId !== mine));
    for (const [peerId, link] of this.#links) {
      if (others.has(peerId)) continue;
      link.close();
      this.#links.delete(peerId);
    }
    const bitrate = cameraBitsPerSecond(others.size);
    for (const peerId of others) {
      if (!this.#links.has(peerId)) this.#links.set(peerId, this.#open(mine, peerId, bitrate));
    }
    for (const link of this.#links.values()) link.setCameraBitrate(bitrate);
    const early = this.#early.filter((signal) => others.has(signal.from));
    this.#early = this.#early.filter((signal) => !others.has(signal.from));
    for (const { from, kind, payload } of early) this.#links.get(from)?.receive(kind, payload);
    this.#changed();
  }

  #open(mine: string, peerId: string, cameraMaxBitsPerSecond: number): PeerLink {
    return new PeerLink({
      polite: mine < peerId,
      configuration: { iceServers: this.#options.iceServers },
      tracks: this.#tracks,
      cameraMaxBitsPerSecond,
      send: (kind, payload) => {
        // A peer that is gone, or a lost connection: either way the list of peers tells what comes next.
        this.#options.signalling.signal(peerId, kind, payload).catch(() => undefined);
      },
      onChange: () => this.#changed(),
    });
  }

  #receive(from: string, kind: "description" | "candidate", payload: string): void {
    const link = this.#links.get(from);
    if (link !== undefined) link.receive(kind, payload);
    else if (this.#early.length < earlySignalsMax) this.#early.push({ from, kind, payload });
  }

  #dropLinks(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#early = [];
  }

  #set(status: CallConnectionState["status"]): void {
    this.#state = { ...this.#state, status };
    this.#changed();
  }

  #changed(): void {
    if (this.#closed) return;
    const remotes = new Map<string, RemoteMedia>();
    for (const [peerId, link] of this.#links) remotes.set(peerId, link.remote);
    this.#state = { ...this.#state, remotes };
    for (const listener of this.#listeners) listener();
  }
}

/** Everybody sends to everybody: the more there are, the less each copy may take of an upload of about 2 Mbit/s. */
export function cameraBitsPerSecond(others: number): number {
  if (others <= 1) return 1_500_000;
  return others === 2 ? 900_000 : 600_000;
}
