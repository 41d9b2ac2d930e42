// What to say where nobody else's picture or sound is: whether somebody has yet to come, has gone, or is there without.
import type { Participant } from "../../../../shared/schemas/meetings.ts";
import { callStrings } from "../strings.ts";

/** `participants` are all of the meeting, `myId` is the reader's own. */
export function companyWords(
  participants: readonly Pick<Participant, "userId" | "displayName" | "presence">[],
  myId: string,
): { title: string; why: string } {
  const others = participants.filter(({ userId }) => userId !== myId);
  const here = others.filter(({ presence }) => presence === "joined").map(({ displayName }) => displayName);
  if (here.length > 0) return { title: callStrings.silent(here), why: callStrings.silentWhy };
  const left = others.filter(({ presence }) => presence === "left").map(({ displayName }) => displayName);
  if (left.length > 0) return { title: callStrings.gone(left), why: callStrings.goneWhy };
  return { title: callStrings.alone, why: callStrings.aloneWhy };
}
