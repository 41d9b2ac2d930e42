// What clocks in a time zone show, and when they are changed; by the platform's own table of zones.
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Clocks are not changed twice within so short a time. */
const sampleMs = 6 * 60 * minuteMs;

/** A time in which a zone's clocks run evenly; `endMs` does not belong to it. */
export interface EvenTime {
  startMs: number;
  endMs: number;
  /** To be added to an instant to get what the clocks show. */
  offsetMs: number;
}

// Making one takes longer than everything that is done with it.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

/** What clocks in the zone are ahead of UTC. Throws RangeError for an unknown zone. */
export function zoneOffsetMs(instantMs: number, timeZone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instantMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1_000) * 1_000;
}

/**
 * When clocks in the zone show a time, given as if it were UTC; as RFC 5545 reads a time with a zone: one that clocks jump
 * over is as much later, of one that comes twice the first counts.
 */
export function instantOfWall(wallMs: number, timeZone: string): number {
  // No zone changes its clocks twice within two days, so these are all the offsets in question.
  const before = zoneOffsetMs(wallMs - dayMs, timeZone);
  const after = zoneOffsetMs(wallMs + dayMs, timeZone);
  const matches = [before, after]
    .map((offset) => wallMs - offset)
    .filter((instant) => instant + zoneOffsetMs(instant, timeZone) === wallMs);
  return matches.length === 0 ? wallMs - before : Math.min(...matches);
}

/** The whole of the given time, in pieces between changes of the clocks, in order. */
export function evenTimes(fromMs: number, toMs: number, timeZone: string): EvenTime[] {
  const pieces: EvenTime[] = [];
  let startMs = fromMs;
  let offsetMs = zoneOffsetMs(fromMs, timeZone);
  for (let sampledMs = fromMs; sampledMs < toMs;) {
    const nextMs = Math.min(sampledMs + sampleMs, toMs);
    const next = zoneOffsetMs(nextMs, timeZone);
    if (next !== offsetMs) {
      const changeMs = changeBetween(sampledMs, nextMs, offsetMs, timeZone);
      pieces.push({ startMs, endMs: changeMs, offsetMs });
      startMs = changeMs;
      offsetMs = next;
    }
    sampledMs = nextMs;
  }
  if (startMs < toMs) pieces.push({ startMs, endMs: toMs, offsetMs });
  return pieces;
}

/** The first whole second at which the offset is not `before` any more. */
function changeBetween(fromMs: number, toMs: number, before: number, timeZone: string): number {
  let [low, high] = [Math.floor(fromMs / 1_000), Math.ceil(toMs / 1_000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffsetMs(middle * 1_000, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * 1_000;
}
