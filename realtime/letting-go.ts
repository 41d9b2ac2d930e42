// Before a process stops: its people are sent to the other processes, one meeting after another, at a rate those can take.
import type { MeetingId } from "../shared/ids.ts";
import { bounds } from "./bounds.ts";
import type { RealtimePorts } from "./ports.ts";

export interface LettingGo {
  ports: Pick<RealtimePorts, "schedule" | "now" | "nodes">;
  meetings: MeetingId[];
  /** Connections of all these meetings together. */
  connections: number;
  /** Closes everything of the meeting in a way from which clients come back; how many connections that were. */
  close(meetingId: MeetingId): number;
  withinMs: number;
}

/**
 * All at once they would wait for each other where they arrive. Meanwhile everybody is served as before. Does nothing
 * where nobody else could take them.
 */
export async function letGo({ ports, meetings, connections, close, withinMs }: LettingGo): Promise<void> {
  if (ports.nodes.others().length === 0) return;
  const endMs = ports.now().getTime() + withinMs;
  const eachMs = Math.min(bounds.letGoMsPerConnection, withinMs / Math.max(connections, 1));
  let dueMs = 0;
  for (const meetingId of meetings) {
    dueMs += close(meetingId) * eachMs;
    const leftMs = endMs - ports.now().getTime();
    if (dueMs < bounds.letGoStepMs || leftMs <= 0) continue;
    const waitMs = Math.min(dueMs, leftMs);
    dueMs = 0;
    await new Promise<void>((resolve) => ports.schedule(waitMs, resolve));
  }
}
