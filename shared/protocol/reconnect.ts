// How clients come back after a lost connection: soon, not all in the same moment, and slower where it fails again.

/** Options of socket.io-client. */
export const socketReconnect = {
  reconnectionDelay: 300,
  reconnectionDelayMax: 5_000,
  randomizationFactor: 0.5,
} as const;

const firstMs = 200;
const maxMs = 2_500;
/** A server that restarts lets its clients go one meeting after another: nobody has to wait for their turn. */
const restartsMs = 50;
const restarts = 1012;

/**
 * Milliseconds until the notes connect again. `failures` counts connections since one last synced, this one included;
 * `random` is in [0, 1).
 */
export function notesReconnectMs(options: { code: number | null; failures: number; random: number }): number {
  const { code, failures, random } = options;
  if (code === restarts && failures <= 1) return random * restartsMs;
  return Math.min(firstMs * 2 ** (failures - 1), maxMs) * (0.5 + random / 2);
}

/** What is used here of a WebsocketProvider of y-websocket. */
interface Provider {
  wsUnsuccessfulReconnects: number;
  maxBackoffTime: number;
  on(name: "connection-close", listener: (event: { code: number } | null) => void): unknown;
}

/** Has a provider come back by this rule; its own is the same for all clients at all times. */
export function spreadReconnects(provider: Provider, random: () => number): void {
  provider.on("connection-close", (event) => {
    // Asked for right after this event, and never more than 200 ms doubled with each failure: ours is below that.
    provider.maxBackoffTime = notesReconnectMs({
      code: event?.code ?? null,
      failures: provider.wsUnsuccessfulReconnects + 1,
      random: random(),
    });
  });
}
