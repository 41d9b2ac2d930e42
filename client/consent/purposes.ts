// Which questions make sense: nobody is asked about what cannot happen here.
import type { ConsentPurpose } from "../../shared/schemas/consents.ts";
import type { Status } from "../../shared/schemas/users.ts";

export function callPurposes(video: Status["video"]): readonly ConsentPurpose[] {
  const always = ["captions", "ai", "sharing"] as const;
  // Between two browsers nothing records.
  return video === "peer-to-peer" ? always : [...always, "recording"];
}

/** What can still be taken back when the call is over: nothing is written down or recorded any more. */
export const recapPurposes: readonly ConsentPurpose[] = ["ai", "sharing"];
