// The copy of notes that a browser keeps on its device, by name, without opening them.
import type { MeetingId, UserId } from "../../../shared/ids.ts";

export const layers = ["shared", "mine"] as const;
export type Layer = (typeof layers)[number];

export interface NotesPlace {
  meetingId: MeetingId;
  userId: UserId;
  layer: Layer;
}

/** The name of its database. */
export function keptCopyName({ userId, meetingId, layer }: NotesPlace): string {
  return `connvo-notes-${userId}-${meetingId}-${layer}`;
}

/** Makes none where there is none. */
export function hasKeptCopy(place: NotesPlace): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(keptCopyName(place));
      // Only a new database is upgraded.
      request.onupgradeneeded = () => request.transaction?.abort();
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
      request.onerror = () => resolve(false);
      request.onblocked = () => resolve(false);
    } catch {
      resolve(false);
    }
  });
}
