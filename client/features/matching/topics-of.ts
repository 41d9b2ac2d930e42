// Topics as somebody types them in one line.
import { limits } from "../../../shared/limits.ts";

/** Between commas, without spaces around; empty ones are left out. */
export function topicsOf(typed: string): string[] {
  return typed
    .split(",")
    .map((topic) => topic.trim().slice(0, limits.topicMaxChars))
    .filter((topic) => topic !== "")
    .slice(0, limits.topicsMaxItems);
}
