// Which meetings each socket is in, so that a lost connection costs what it was in, not what the process holds.
import type { MeetingId } from "../../shared/ids.ts";
import type { GatewaySocket } from "./sockets.ts";

export class SocketPlaces {
  readonly #places = new WeakMap<GatewaySocket, Set<MeetingId>>();

  enter(socket: GatewaySocket, meetingId: MeetingId): void {
    const places = this.#places.get(socket);
    if (places === undefined) this.#places.set(socket, new Set([meetingId]));
    else places.add(meetingId);
  }

  leave(socket: GatewaySocket, meetingId: MeetingId): void {
    this.#places.get(socket)?.delete(meetingId);
  }

  /** As they are now: it stays so while the socket leaves them. */
  of(socket: GatewaySocket): MeetingId[] {
    return [...(this.#places.get(socket) ?? [])];
  }
}
