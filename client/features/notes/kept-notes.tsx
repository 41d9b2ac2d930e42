// Brings to the server what this device kept of a call's notes while it was offline: the call may have ended meanwhile.
import { useEffect } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { call } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { hasKeptCopy, layers } from "./kept-copy.ts";
import { hasUnsafeEdits } from "./save-state.ts";

/** For who may write the notes, where nothing else opens them. Shows nothing: they appear in the notes themselves. */
export function KeptNotes({ meetingId }: { meetingId: MeetingId }) {
  const { id: userId } = useMe();
  useEffect(() => {
    let left = false;
    const closings: (() => void)[] = [];
    async function bring(layer: (typeof layers)[number]): Promise<void> {
      if (!(await hasKeptCopy({ meetingId, userId, layer }))) return;
      // Most devices have nothing to bring, and need none of it.
      const { NotesSession } = await import("./notes-session.ts");
      if (left) return;
      const session = new NotesSession({ meetingId, userId, layer, mayWrite: true, renewSession });
      closings.push(() => session.close());
      session.subscribe(() => {
        const { save, synced } = session.getState();
        // Not within the provider's own event.
        if (synced && save.offered && !hasUnsafeEdits(save)) queueMicrotask(() => session.close());
      });
    }
    for (const layer of layers) bring(layer).catch(() => undefined);
    return () => {
      left = true;
      for (const close of closings) close();
    };
  }, [meetingId, userId]);
  return null;
}

async function renewSession(): Promise<boolean> {
  return call(endpoints.me).then(
    () => true,
    () => false,
  );
}
