// Heavy work in threads gives way to whoever waits for an answer.
import { constants, setPriority } from "node:os";
import { platform } from "node:process";

/** For a worker thread, at its start. Linux alone gives threads priorities of their own: elsewhere it would slow the whole process. */
export function giveWay(): void {
  // Not the lowest: on a machine that is busy for long that would be a fiftieth of a core, and nothing would come to an end.
  if (platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}
