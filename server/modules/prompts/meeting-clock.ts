// Time on a meeting's own axis: the wall clock since its start, or ahead of it when a recorded call is replayed faster.

/** Chunks this far ahead of the wall clock are a clock that is a little fast, not a replay. */
const toleratedSkewMs = 5_000;

export interface MeetingClock {
  startedAtMs: number;
  /** How far the transcript runs ahead of the wall clock. Never falls. */
  aheadMs: number;
}

/**
 * Milliseconds since the start. In a live call this is the wall clock. In a replay at speed 20 chunks start far ahead
 * of it; the meeting's time then stands at the start of the newest chunk and goes on with the wall clock from there,
 * so that only a real standstill looks like silence.
 */
export function meetingNowMs(clock: MeetingClock, wallMs: number): number {
  return Math.max(0, wallMs - clock.startedAtMs) + clock.aheadMs;
}

export function withArrival(clock: MeetingClock, chunkStartMs: number, wallMs: number): MeetingClock {
  const aheadMs = chunkStartMs - Math.max(0, wallMs - clock.startedAtMs);
  return aheadMs > Math.max(clock.aheadMs, toleratedSkewMs) ? { ...clock, aheadMs } : clock;
}
