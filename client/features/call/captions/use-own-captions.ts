// What this device does with one's own words: either the browser recognises them, or the server's service, or nobody.
import { missingForSpeechService } from "../../../../shared/consent-rules.ts";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../../shared/ids.ts";
import type { MeetingAi } from "../../../../shared/schemas/ai.ts";
import { useRequest } from "../../../api/use-request.ts";
import { captionsSource, type CaptionsSource } from "../../../captions/source.ts";
import type { UseMeetingConsents } from "../../../consent/use-meeting-consents.ts";
import { useCallPreferences } from "../../../media/call-preferences.ts";
import { recognitionSupported } from "../../../media/recognition-support.ts";
import type { SpokenLine } from "../call-session.ts";
import { timelineMs } from "../server-time.ts";
import { useRecognition, type UseRecognition } from "../use-recognition.ts";
import { type ServerCaptions, useServerCaptions } from "./use-server-captions.ts";

export interface OwnCaptions {
  source: CaptionsSource;
  speech: MeetingAi["speech"];
  /** What the service still waits for; null where it may begin. */
  missing: "captions" | "wording" | "ai" | null;
  recognition: UseRecognition;
  server: ServerCaptions;
  /** One of both listens just now. */
  listening: boolean;
  retry: () => void;
}

export function useOwnCaptions(options: {
  meetingId: MeetingId;
  consents: UseMeetingConsents;
  /** The person wants it and the call runs. */
  open: boolean;
  /** Null while it is off. */
  microphone: MediaStreamTrack | null;
  language: string;
  startedAt: string | null;
  nowMs: () => number;
  addLine: (line: SpokenLine) => boolean;
}): OwnCaptions {
  const { meetingId, consents, open, microphone, language, startedAt, nowMs, addLine } = options;
  const { captionsBy } = useCallPreferences();
  const machines = useRequest(endpoints.meetingAi, { params: { id: meetingId } });
  const speech = machines.data?.speech ?? null;
  const source = captionsSource({ chosen: captionsBy, browser: recognitionSupported(), speech });
  const [captions, ai] = [consents.answer("captions"), consents.answer("ai")];
  const wording = consents.live.data?.mine.find(({ purpose }) => purpose === "captions")?.wording ?? null;
  const missing = missingForSpeechService({ captions, ai }, wording);

  const recognition = useRecognition({
    running: open && source === "browser" && captions === "given" && microphone !== null,
    language,
    nowMs,
    onLine: ({ text, confidence, startedMs, endedMs }) =>
      addLine({
        text,
        confidence,
        startMs: timelineMs(startedMs, startedAt),
        endMs: timelineMs(endedMs, startedAt),
        source: "speech",
      }),
  });
  const server = useServerCaptions({
    meetingId,
    allowed: source === "server" && missing === null,
    track: open ? microphone : null,
    language,
    startedAt,
    nowMs,
  });

  return {
    source,
    speech,
    missing,
    recognition,
    server,
    listening: server.listening || recognition.state.kind === "listening",
    retry() {
      machines.retry();
      server.retry();
    },
  };
}
