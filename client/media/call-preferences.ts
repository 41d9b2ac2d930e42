// How a person likes to enter calls, remembered on this device alone.
import { useSyncExternalStore } from "react";
import { z } from "zod";

const storageKey = "connvo.call";
const deviceId = z.string().max(500).nullable().catch(null);

const preferencesSchema = z.object({
  microphoneOn: z.boolean().catch(true),
  cameraOn: z.boolean().catch(true),
  microphoneId: deviceId,
  cameraId: deviceId,
  speakerId: deviceId,
  /** BCP 47, the language one speaks; null for the browser's. */
  language: z.string().max(35).nullable().catch(null),
  /** Who turns one's words into lines; null where nothing was chosen: the browser, where it can. */
  captionsBy: z.enum(["browser", "server", "typed"]).nullable().catch(null),
  /** Single-letter shortcuts; WCAG 2.1.4 asks that they can be switched off. */
  singleKeys: z.boolean().catch(true),
  /** A coach's talk balance and questions in a corner of the call; and whether it is folded away. */
  mirror: z.boolean().catch(false),
  mirrorFolded: z.boolean().catch(false),
});
export type CallPreferences = z.infer<typeof preferencesSchema>;

/** Anything that was stored as preferences; what does not fit takes its default. */
export function parsePreferences(stored: string | null): CallPreferences {
  let value: unknown = {};
  try {
    value = JSON.parse(stored ?? "{}");
  } catch {
    // Not ours, or cut off: as if nothing were stored.
  }
  const parsed = preferencesSchema.safeParse(value);
  return parsed.success ? parsed.data : preferencesSchema.parse({});
}

let current: CallPreferences | null = null;
const listeners = new Set<() => void>();

export function callPreferences(): CallPreferences {
  current ??= parsePreferences(readStorage());
  return current;
}

export function rememberCallPreferences(change: Partial<CallPreferences>): void {
  current = { ...callPreferences(), ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Storage may be switched off: the choice holds for this page.
  }
  for (const listener of listeners) listener();
}

export function useCallPreferences(): CallPreferences {
  return useSyncExternalStore(subscribe, callPreferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
