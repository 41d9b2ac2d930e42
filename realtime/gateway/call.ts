// Signalling of the call: who is in it, and passing descriptions and candidates between two of them.
import { AppError, notFound } from "../../shared/errors.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type { CallPeer, ClientEventParsed, MediaState } from "../../shared/protocol/socket-events.ts";
import type { AccessEpoch } from "../access.ts";
import type { RealtimePorts } from "../ports.ts";
import { callRoom, meetingRoom, tell, type GatewayNamespace, type GatewaySocket } from "./sockets.ts";

interface Peer extends CallPeer {
  socket: GatewaySocket;
}

type Signal = ClientEventParsed<"call:signal">;

export class Calls {
  readonly #ports: RealtimePorts;
  readonly #namespace: GatewayNamespace;
  readonly #epoch: AccessEpoch;
  /** By meeting, then by socket. */
  readonly #calls = new Map<MeetingId, Map<string, Peer>>();

  constructor(options: { ports: RealtimePorts; namespace: GatewayNamespace; epoch: AccessEpoch }) {
    this.#ports = options.ports;
    this.#namespace = options.namespace;
    this.#epoch = options.epoch;
  }

  /** Throws MEETING_FULL beyond `limits.callMaxPeers`. Entering again keeps the peer's id. */
  async enter(
    socket: GatewaySocket,
    meetingId: MeetingId,
    media: MediaState,
  ): Promise<{ peerId: string; peers: CallPeer[] }> {
    const { actor } = socket.data;
    for (let before = -1; before !== this.#epoch.current;) {
      before = this.#epoch.current;
      await this.#ports.meetings.authorizeCall(actor, meetingId);
    }
    if (!socket.connected) throw new AppError("UNAVAILABLE", "The connection is gone.");
    const call = this.#calls.get(meetingId) ?? new Map<string, Peer>();
    const known = call.get(socket.id);
    if (known === undefined && call.size >= limits.callMaxPeers) {
      throw new AppError("MEETING_FULL", `A call has room for ${limits.callMaxPeers} at a time.`);
    }
    const peerId = known?.peerId ?? this.#ports.newId();
    call.set(socket.id, { peerId, userId: actor.userId, displayName: actor.displayName, media, socket });
    this.#calls.set(meetingId, call);
    await socket.join(callRoom(meetingId));
    this.#announce(meetingId);
    return { peerId, peers: this.peers(meetingId) };
  }

  media(socket: GatewaySocket, meetingId: MeetingId, media: MediaState): void {
    this.#peerOf(socket, meetingId).media = media;
    this.#announce(meetingId);
  }

  /** Passes a signal on, between two peers of one call only. */
  signal(socket: GatewaySocket, { meetingId, toPeerId, signal }: Signal): void {
    const from = this.#peerOf(socket, meetingId);
    const to = [...(this.#calls.get(meetingId)?.values() ?? [])].find((peer) => peer.peerId === toPeerId);
    if (to === undefined) throw notFound("This call peer");
    tell(to.socket, "call:signal", { meetingId, fromPeerId: from.peerId, signal });
  }

  /** Without effect for a socket that is not in the call. */
  leave(socket: GatewaySocket, meetingId: MeetingId): void {
    const call = this.#calls.get(meetingId);
    if (call?.delete(socket.id) !== true) return;
    if (call.size === 0) this.#calls.delete(meetingId);
    void socket.leave(callRoom(meetingId));
    this.#announce(meetingId);
  }

  leaveAll(socket: GatewaySocket): void {
    for (const meetingId of [...this.#calls.keys()]) this.leave(socket, meetingId);
  }

  peers(meetingId: MeetingId): CallPeer[] {
    return [...(this.#calls.get(meetingId)?.values() ?? [])].map(
      ({ peerId, userId, displayName, media }) => ({
        peerId,
        userId,
        displayName,
        media,
      }),
    );
  }

  /** A person's place changed: who may not be in the call any more is taken out of it. */
  async recheckAccess(meetingId: MeetingId, userId: UserId): Promise<void> {
    const theirs = [...(this.#calls.get(meetingId)?.values() ?? [])].filter((peer) => peer.userId === userId);
    const first = theirs[0];
    if (first === undefined) return;
    try {
      await this.#ports.meetings.authorizeCall(first.socket.data.actor, meetingId);
    } catch {
      for (const { socket } of theirs) this.leave(socket, meetingId);
    }
  }

  #peerOf(socket: GatewaySocket, meetingId: MeetingId): Peer {
    const peer = this.#calls.get(meetingId)?.get(socket.id);
    if (peer === undefined) throw notFound("This call");
    return peer;
  }

  #announce(meetingId: MeetingId): void {
    // Those in the lobby see who is there already. A socket in both rooms gets it once.
    tell(this.#namespace.to(meetingRoom(meetingId)).to(callRoom(meetingId)), "call:peers", {
      meetingId,
      peers: this.peers(meetingId),
    });
  }
}
