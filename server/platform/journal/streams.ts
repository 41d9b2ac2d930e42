// Names of streams: `<kind>/<meetingId>`, and more behind it where a meeting has several of a kind.
import type { StreamId } from "./index.ts";

export function kindOf(stream: StreamId): string {
  const slash = stream.indexOf("/");
  return slash === -1 ? stream : stream.slice(0, slash);
}

/** What is owned as a whole: the second part of the name. */
export function meetingOf(stream: StreamId): string {
  const start = stream.indexOf("/") + 1;
  const end = stream.indexOf("/", start);
  return end === -1 ? stream.slice(start) : stream.slice(start, end);
}
