// The one Socket.IO connection of a page: typed events with acknowledgements, and its state for showing.
import { io, type Socket } from "socket.io-client";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { socketReconnect } from "../../shared/protocol/reconnect.ts";
import {
  clientEvents,
  serverEvents,
  type ClientEventAck,
  type ClientEventInput,
  type ClientEventName,
  type ServerEventName,
  type ServerEventPayload,
} from "../../shared/protocol/socket-events.ts";
import { ApiError, clientErrorMessages, readErrorBody } from "./errors.ts";
import { call } from "./http.ts";

export type ConnectionState = "connecting" | "connected" | "disconnected";

const acknowledgedWithinMs = 15_000;
const retryDelaysMs = [500, 1_000, 2_000, 5_000, 10_000];

let socket: Socket | null = null;
let state: ConnectionState = "connecting";
let refusals = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
const stateListeners = new Set<() => void>();
const connectedListeners = new Set<() => void>();

export function connectionState(): ConnectionState {
  return state;
}

/** Called at each change of `connectionState()`, which there is one of from now on. Returns the removal. */
export function onConnectionState(listener: () => void): () => void {
  stateListeners.add(listener);
  openSocket();
  return () => stateListeners.delete(listener);
}

/**
 * Called at every connection, the first and each one after a break, and at once where there is one: the place to join
 * and subscribe. Returns the removal.
 */
export function onConnected(listener: () => void): () => void {
  connectedListeners.add(listener);
  if (openSocket().connected) listener();
  return () => connectedListeners.delete(listener);
}

/** Events of the server, parsed; one that does not fit its schema is dropped with a console warning. */
export function onServerEvent<Name extends ServerEventName>(
  name: Name,
  listener: (payload: ServerEventPayload<Name>) => void,
): () => void {
  const handle = (payload: unknown) => {
    const parsed = serverEvents[name].safeParse(payload);
    if (parsed.success) listener(parsed.data as ServerEventPayload<Name>);
    else console.warn(`The event ${name} does not have the expected shape.`);
  };
  const current: Socket = openSocket();
  current.on(name as string, handle);
  return () => current.off(name as string, handle);
}

/**
 * Sends an event and waits for its acknowledgement. Throws ApiError: the server's refusal, NETWORK while there is no
 * connection, NO_ANSWER after 15 s. Nothing is queued: who must not lose anything sends again in `onConnected`.
 */
export async function emit<Name extends ClientEventName>(
  name: Name,
  input: ClientEventInput<Name>,
): Promise<ClientEventAck<Name>> {
  const current = openSocket();
  if (!current.connected) throw new ApiError("NETWORK", clientErrorMessages.network);
  let answer: unknown;
  try {
    answer = await current.timeout(acknowledgedWithinMs).emitWithAck(name, input);
  } catch (cause) {
    const code = current.connected ? "NO_ANSWER" : "NETWORK";
    const message = current.connected ? clientErrorMessages.noAnswer : clientErrorMessages.network;
    throw new ApiError(code, message, { cause });
  }
  const refused = readErrorBody(answer);
  if (refused !== null) throw refused;
  const parsed = clientEvents[name].ack.safeParse(answer);
  if (!parsed.success) {
    throw new ApiError("UNEXPECTED_ANSWER", clientErrorMessages.unexpected, { cause: parsed.error });
  }
  return parsed.data as ClientEventAck<Name>;
}

/** Ends the connection for good, at sign-out. */
export function closeSocket(): void {
  clearTimeout(retryTimer);
  socket?.removeAllListeners();
  socket?.disconnect();
  socket = null;
  setState("disconnected");
}

function openSocket(): Socket {
  if (socket !== null) return socket;
  const opened = io({
    // WebSocket first: one round trip less than starting with long polling, which stays the fallback.
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    ...socketReconnect,
  });
  socket = opened;
  setState("connecting");
  opened.on("connect", () => {
    refusals = 0;
    setState("connected");
    for (const listener of connectedListeners) listener();
  });
  opened.on("disconnect", () => {
    setState("disconnected");
    // Ended by the server, e.g. because the proof of identity ran out: the library waits for us then.
    if (!opened.active) connectWithFreshSession(opened);
  });
  opened.on("connect_error", (error: Error & { data?: unknown }) => {
    setState("disconnected");
    const refused = readErrorBody({ error: error.data });
    if (!opened.active) connectWithFreshSession(opened, (refused?.retryAfterSeconds ?? 0) * 1_000);
  });
  return opened;
}

/** A plain HTTP call renews the session cookie where it can; a session that is over shows the sign-in page by that. */
function connectWithFreshSession(opened: Socket, atLeastMs = 0): void {
  const delayMs = Math.max(atLeastMs, retryDelaysMs[Math.min(refusals, retryDelaysMs.length - 1)] ?? 0);
  refusals += 1;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(() => {
    call(endpoints.me)
      .then(() => {
        if (socket === opened) opened.connect();
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return;
        if (socket === opened) connectWithFreshSession(opened);
      });
  }, delayMs);
}

function setState(next: ConnectionState): void {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}
