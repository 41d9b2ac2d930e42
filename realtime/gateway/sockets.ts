// What the parts of the gateway know of a Socket.IO connection, and the typed way to send to one or many.
import type { Namespace, Server, Socket } from "socket.io";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { ServerEventName, ServerEventPayload } from "../../shared/protocol/socket-events.ts";

interface AnyEvents {
  [event: string]: (...args: unknown[]) => void;
}

export interface SocketData {
  actor: Actor;
  /** Where changes of access stood when they were asked who they are. */
  askedAt: number;
}

export type GatewayServer = Server<AnyEvents, AnyEvents, AnyEvents, SocketData>;
export type GatewayNamespace = Namespace<AnyEvents, AnyEvents, AnyEvents, SocketData>;
export type GatewaySocket = Socket<AnyEvents, AnyEvents, AnyEvents, SocketData>;

/** Everybody in the meeting. */
export const meetingRoom = (meetingId: MeetingId) => `meeting:${meetingId}`;
/** One person's sockets in the meeting. */
export const personRoom = (meetingId: MeetingId, userId: UserId) => `meeting:${meetingId}:${userId}`;
/** The sockets that are in the meeting's call. */
export const callRoom = (meetingId: MeetingId) => `call:${meetingId}`;

interface Target {
  emit(event: string, payload: unknown): unknown;
}

/** Sends an event whose payload fits its schema by type; a room's is encoded once for all its sockets. */
export function tell<Name extends ServerEventName>(
  target: Target,
  name: Name,
  payload: ServerEventPayload<Name>,
): void {
  target.emit(name, payload);
}
