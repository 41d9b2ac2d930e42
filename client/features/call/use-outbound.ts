// Lines on their way to the server, for showing.
import { useCallback, useSyncExternalStore } from "react";
import type { CallSession } from "./call-session.ts";
import type { OutboundLine } from "./outbound-lines.ts";

export function useOutbound({ outbound }: CallSession): readonly OutboundLine[] {
  const subscribe = useCallback((listener: () => void) => outbound.onChange(listener), [outbound]);
  const get = useCallback(() => outbound.lines, [outbound]);
  return useSyncExternalStore(subscribe, get);
}
