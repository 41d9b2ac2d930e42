// Something with a life of its own (a connection, a device) that lives as long as the component does.
import { useEffect, useState, useSyncExternalStore } from "react";

interface Holder<Resource> {
  get(): Resource | null;
  set(resource: Resource | null): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Opened after the component is shown, closed when it goes or `open` changes; null in between and while `open` is
 * null. Both functions must be stable (`useCallback`, or outside the component).
 */
export function useResource<Resource>(
  open: (() => Resource) | null,
  close: (resource: Resource) => void,
): Resource | null {
  const [holder] = useState(createHolder<Resource>);
  useEffect(() => {
    if (open === null) return;
    const resource = open();
    holder.set(resource);
    return () => {
      holder.set(null);
      close(resource);
    };
  }, [holder, open, close]);
  return useSyncExternalStore(holder.subscribe, holder.get);
}

/** State of a resource that may not be there yet. */
export function useResourceState<State>(
  resource: { subscribe(listener: () => void): () => void; getState(): State } | null,
  otherwise: State,
): State {
  return useSyncExternalStore(resource?.subscribe ?? neverChanges, resource?.getState ?? (() => otherwise));
}

const neverChanges = () => () => {};

function createHolder<Resource>(): Holder<Resource> {
  let held: Resource | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => held,
    set(resource) {
      held = resource;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
