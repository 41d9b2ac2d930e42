// One's own consents for a meeting, live, and the way to change them.
import { useCallback } from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type {
  ConsentAnswer,
  ConsentPurpose,
  DecideConsent,
  MeetingConsents,
} from "../../shared/schemas/consents.ts";
import { call } from "../api/http.ts";
import { type UseLive, useLive } from "../api/live.ts";

export interface UseMeetingConsents {
  live: UseLive<MeetingConsents>;
  /** Null while it is not known, and where there is no answer. */
  answer: (purpose: ConsentPurpose) => ConsentAnswer | null;
  decide: (decision: DecideConsent) => Promise<unknown>;
}

export function useMeetingConsents(meetingId: MeetingId): UseMeetingConsents {
  const live = useLive("consents", { meetingId });
  const { data } = live;
  const answer = useCallback(
    (purpose: ConsentPurpose) => data?.mine.find((one) => one.purpose === purpose)?.answer ?? null,
    [data],
  );
  const decide = useCallback(
    (decision: DecideConsent) => call(endpoints.decideConsent, { params: { id: meetingId }, body: decision }),
    [meetingId],
  );
  return { live, answer, decide };
}
