// Who turns a person's speech into lines: their browser, the server's speech service, or nobody.
import type { MeetingAi } from "../../shared/schemas/ai.ts";
import type { CallPreferences } from "../media/call-preferences.ts";

export type CaptionsSource = "browser" | "server" | "typed";

/**
 * One at a time. Sound goes to the service by choice alone; and whoever has chosen it, and cannot have it here, is not
 * listened to by their browser's maker instead.
 */
export function captionsSource(options: {
  chosen: CallPreferences["captionsBy"];
  browser: boolean;
  /** Null where none is configured, or it is not known yet. */
  speech: MeetingAi["speech"];
}): CaptionsSource {
  const { chosen, browser, speech } = options;
  if (chosen === "server") return speech?.allowed === true ? "server" : "typed";
  return chosen !== "typed" && browser ? "browser" : "typed";
}
