// Why a microphone, camera or screen could not be had, told apart as far as a person can act on it.

export type MediaProblem = "denied" | "missing" | "busy" | "insecure" | "unknown";

/** What `getUserMedia` and `getDisplayMedia` throw, by name (Media Capture and Streams, section 10.2). */
export function mediaProblem(thrown: unknown): MediaProblem {
  const name = thrown instanceof Error ? thrown.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "unknown";
  }
}
