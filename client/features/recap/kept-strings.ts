// Words about until when what of a call is kept.
import type { RetentionKind } from "../../../shared/schemas/retention.ts";

export const keptStrings = {
  title: "Kept until",
  kinds: {
    transcript: "Transcript",
    chat: "Chat and files",
    notes: "Notes, also your own",
    prompts: "Prompts",
    recaps: "This recap",
    reviews: "Reviews for coaches",
    ratings: "Ratings",
  } satisfies Record<RetentionKind, string>,
  until: (day: string) => day,
  over: (day: string) => `Not kept since ${day}`,
  note: "Afterwards it is deleted for good. What is not named here stays. Save what you need before.",
};
