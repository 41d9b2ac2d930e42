// Signalling of the call: who of this process is in it, and passing descriptions and candidates between two peers.
import { AppError, notFound } from "../../shared/errors.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { CallPeer, ClientEventParsed, MediaState } from "../../shared/protocol/socket-events.ts";
import type { AccessEpoch } from "../access.ts";
import type { RealtimePorts } from "../ports.ts";
import { CallRoster } from "./call-roster.ts";
import { SocketPlaces } from "./socket-places.ts";
import { callRoom, meetingRoom, tell, type GatewayNamespace, type GatewaySocket } from "./sockets.ts";

interface Peer extends CallPeer {
  socket: GatewaySocket;
}

type Signal = ClientEventParsed<"call:signal">;

interface Passed {
  meetingId: MeetingId;
  fromPeerId: string;
  toPeerId: string;
  signal: Signal["signal"];
}

const signalMethod = "call.signal";

export interface CallsOptions {
  ports: RealtimePorts;
  namespace: GatewayNamespace;
  epoch: AccessEpoch;
  /** Meetings with people of this process. */
  meetings: ReadonlyMap<MeetingId, unknown>;
}

export class Calls {
  readonly #ports: RealtimePorts;
  readonly #namespace: GatewayNamespace;
  readonly #epoch: AccessEpoch;
  readonly #roster: CallRoster;
  /** By meeting, then by socket. */
  readonly #calls = new Map<MeetingId, Map<string, Peer>>();
  readonly #places = new SocketPlaces();

  constructor({ ports, namespace, epoch, meetings }: CallsOptions) {
    this.#ports = ports;
    this.#namespace = namespace;
    this.#epoch = epoch;
    this.#roster = new CallRoster({
      ports,
      here: (meetingId) => [...(this.#calls.get(meetingId)?.values() ?? [])].map(shown),
      meetings: () => meetings.keys(),
      concerns: (meetingId) => this.#calls.has(meetingId) || meetings.has(meetingId),
      onChanged: (meetingId) => this.#announce(meetingId),
    });
    ports.nodes.serve(signalMethod, (args) => ({ passed: this.#passHere(args as unknown as Passed) }));
  }

  /** Throws MEETING_FULL beyond `limits.callMaxPeers`. Entering again keeps the peer's id. */
  async enter(
    socket: GatewaySocket,
    meetingId: MeetingId,
    media: MediaState,
  ): Promise<{ peerId: string; peers: CallPeer[] }> {
    const { actor } = socket.data;
    let before = -1;
    while (before !== this.#epoch.current) {
      before = this.#epoch.current;
      await this.#ports.meetings.authorizeCall(actor, meetingId);
    }
    if (!socket.connected) throw gone();
    const peerId = this.#calls.get(meetingId)?.get(socket.id)?.peerId ?? this.#ports.newId();
    const peer = { peerId, userId: actor.userId, displayName: actor.displayName, media, socket };
    // Before the list is sent, so that whoever enters has it, too.
    await socket.join(callRoom(meetingId));
    try {
      await this.#roster.enter(meetingId, shown(peer), () => this.#admit(meetingId, peer));
    } catch (error) {
      if (this.#calls.get(meetingId)?.has(socket.id) !== true) void socket.leave(callRoom(meetingId));
      throw error;
    }
    if (!socket.connected) {
      this.leave(socket, meetingId);
      throw gone();
    }
    if (before !== this.#epoch.current) await this.recheckAccess(meetingId, actor.userId);
    if (this.#calls.get(meetingId)?.has(socket.id) !== true) throw notFound("This call");
    return { peerId, peers: this.peers(meetingId) };
  }

  media(socket: GatewaySocket, meetingId: MeetingId, media: MediaState): void {
    this.#peerOf(socket, meetingId).media = media;
    this.#roster.changed(meetingId);
  }

  /** Passes a signal on, between two peers of one call only. */
  async signal(socket: GatewaySocket, { meetingId, toPeerId, signal }: Signal): Promise<void> {
    const { peerId: fromPeerId } = this.#peerOf(socket, meetingId);
    const passed: Passed = { meetingId, fromPeerId, toPeerId, signal };
    if (this.#passHere(passed)) return;
    const is = (peer: { peerId: string }) => peer.peerId === toPeerId;
    const to = this.#roster.peers(meetingId).find(is) ?? (await this.#roster.asked(meetingId)).find(is);
    if (to === undefined || to.term === this.#ports.nodes.term()) throw notFound("This call peer");
    let answer: Record<string, unknown>;
    try {
      answer = await this.#ports.nodes.call(to.term, signalMethod, { ...passed });
    } catch (cause) {
      throw new AppError("UNAVAILABLE", "The other side cannot be reached just now.", { cause });
    }
    if (answer["passed"] !== true) throw notFound("This call peer");
  }

  /** Without effect for a socket that is not in the call. */
  leave(socket: GatewaySocket, meetingId: MeetingId): void {
    const call = this.#calls.get(meetingId);
    if (call?.delete(socket.id) !== true) return;
    if (call.size === 0) this.#calls.delete(meetingId);
    this.#places.leave(socket, meetingId);
    void socket.leave(callRoom(meetingId));
    this.#roster.changed(meetingId);
  }

  leaveAll(socket: GatewaySocket): void {
    for (const meetingId of this.#places.of(socket)) this.leave(socket, meetingId);
  }

  peers(meetingId: MeetingId): CallPeer[] {
    return this.#roster.peers(meetingId).map(shown);
  }

  /** For somebody who has just come. */
  async peersNow(meetingId: MeetingId): Promise<CallPeer[]> {
    return (await this.#roster.asked(meetingId)).map(shown);
  }

  sweep(): void {
    this.#roster.sweep();
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

  #admit(meetingId: MeetingId, peer: Peer): void {
    const call = this.#calls.get(meetingId) ?? new Map<string, Peer>();
    this.#calls.set(meetingId, call.set(peer.socket.id, peer));
    this.#places.enter(peer.socket, meetingId);
  }

  #passHere({ meetingId, fromPeerId, toPeerId, signal }: Passed): boolean {
    const to = [...(this.#calls.get(meetingId)?.values() ?? [])].find(({ peerId }) => peerId === toPeerId);
    if (to === undefined) return false;
    tell(to.socket, "call:signal", { meetingId, fromPeerId, signal });
    return true;
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

function shown({ peerId, userId, displayName, media }: CallPeer): CallPeer {
  return { peerId, userId, displayName, media };
}

function gone(): AppError {
  return new AppError("UNAVAILABLE", "The connection is gone.");
}
