// Peer to peer: every browser in the call is connected with every other one.
import type { CallPeer } from "../../../../shared/protocol/socket-events.ts";
import type { RemoteMedia } from "./call-connection.ts";
import { EnteredCall, type EnteredCallOptions } from "./entered-call.ts";
import { PeerLink } from "./peer-link.ts";

export interface PeerMeshOptions extends EnteredCallOptions {
  iceServers: RTCIceServer[];
}

/** Signals may overtake the list that tells of their sender; kept this far. */
const earlySignalsMax = 100;

export class PeerMesh extends EnteredCall {
  protected readonly retryEnterAfterMs = 3_000;
  readonly #iceServers: RTCIceServer[];
  readonly #links = new Map<string, PeerLink>();
  #early: { from: string; kind: "description" | "candidate"; payload: string }[] = [];

  constructor(options: PeerMeshOptions) {
    super(options);
    this.#iceServers = options.iceServers;
    this.removals.push(
      options.signalling.onPeers((peers) => this.#setPeers(peers)),
      options.signalling.onSignal((from, kind, payload) => this.#receive(from, kind, payload)),
    );
  }

  protected left(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#early = [];
  }

  protected entered(peers: CallPeer[]): void {
    this.set({ kind: "inside" });
    this.#setPeers(peers);
  }

  protected tracksChanged(): void {
    for (const link of this.#links.values()) link.setTracks(this.tracks);
  }

  protected ended(): void {
    this.left();
  }

  protected remotes(): Map<string, RemoteMedia> {
    return new Map([...this.#links].map(([peerId, link]) => [peerId, link.remote]));
  }

  #setPeers(peers: CallPeer[]): void {
    const mine = this.myPeerId;
    if (mine === null || this.closed) return;
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
    this.changed();
  }

  #open(mine: string, peerId: string, cameraMaxBitsPerSecond: number): PeerLink {
    return new PeerLink({
      polite: mine < peerId,
      configuration: { iceServers: this.#iceServers },
      tracks: this.tracks,
      cameraMaxBitsPerSecond,
      send: (kind, payload) => {
        // A peer that is gone, or a lost connection: either way the list of peers tells what comes next.
        this.signalling.signal(peerId, kind, payload).catch(() => undefined);
      },
      onChange: () => this.changed(),
    });
  }

  #receive(from: string, kind: "description" | "candidate", payload: string): void {
    const link = this.#links.get(from);
    if (link !== undefined) link.receive(kind, payload);
    else if (this.#early.length < earlySignalsMax) this.#early.push({ from, kind, payload });
  }
}

/** Everybody sends to everybody: the more there are, the less each copy may take of an upload of about 2 Mbit/s. */
export function cameraBitsPerSecond(others: number): number {
  if (others <= 1) return 1_500_000;
  return others === 2 ? 900_000 : 600_000;
}
