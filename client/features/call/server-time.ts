// The meeting's timeline is the server's: how far this device's clock is off, and where on the timeline "now" is.
import { limits } from "../../../shared/limits.ts";

/** The Date header names whole seconds: less than this is no difference. */
const resolutionMs = 1_500;

/** What to add to this device's clock, from one answer: when it was asked, answered, and what the server's clock said. */
export function clockOffsetMs(exchange: {
  sentMs: number;
  receivedMs: number;
  dateHeader: string | null;
}): number {
  const serverMs = Date.parse(exchange.dateHeader ?? "");
  if (Number.isNaN(serverMs)) return 0;
  const offset = serverMs + 500 - (exchange.sentMs + exchange.receivedMs) / 2;
  return Math.abs(offset) < resolutionMs ? 0 : Math.round(offset);
}

/** Asks once; 0 where there is no answer, as most devices' clocks are right. */
export async function measureClockOffset(address: string): Promise<number> {
  const sentMs = Date.now();
  try {
    const response = await fetch(address, { cache: "no-store" });
    return clockOffsetMs({ sentMs, receivedMs: Date.now(), dateHeader: response.headers.get("date") });
  } catch {
    return 0;
  }
}

/** Milliseconds since the meeting started, within what the server accepts. */
export function timelineMs(nowMs: number, startedAt: string | null): number {
  if (startedAt === null) return 0;
  return Math.min(limits.timelineMaxMs, Math.max(0, Math.round(nowMs - Date.parse(startedAt))));
}

export interface AgendaTime {
  elapsedMs: number;
  /** Null where no duration was agreed. */
  leftMs: number | null;
  tone: "calm" | "soon" | "over";
}

const soonMs = 5 * 60_000;

/** How far the call is, counted from its real start. */
export function agendaTime(
  meeting: { startedAt: string | null; durationMinutes: number | null },
  nowMs: number,
): AgendaTime {
  const elapsedMs = timelineMs(nowMs, meeting.startedAt);
  if (meeting.durationMinutes === null) return { elapsedMs, leftMs: null, tone: "calm" };
  const leftMs = meeting.durationMinutes * 60_000 - elapsedMs;
  return { elapsedMs, leftMs, tone: leftMs < 0 ? "over" : leftMs <= soonMs ? "soon" : "calm" };
}
