// The connection's state as a hook.
import { useSyncExternalStore } from "react";
import { connectionState, onConnectionState, type ConnectionState } from "./socket.ts";

export function useConnection(): ConnectionState {
  return useSyncExternalStore(onConnectionState, connectionState);
}
