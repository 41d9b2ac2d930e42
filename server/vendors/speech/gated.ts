// The gate at the speech port: whoever calls it, no service hears people who have not said yes, nor where it is switched off.
import { AppError } from "../../../shared/errors.ts";
import type { GatedSpeech, SpeechGate, SpeechProvider, SpeechRefusal } from "./index.ts";

/** Each says what to do about it. */
export const refusals: Record<SpeechRefusal, string> = {
  captions: "Your sound goes nowhere before you have agreed that your words may be written down.",
  wording:
    "What is asked about writing down your words names a speech service now: please answer that question again.",
  ai: "A speech service is a machine: it needs your yes to that question, too.",
  "switched-off": "Services outside this server are switched off for this meeting.",
};

export function createGatedSpeech(options: { provider: SpeechProvider; gate: SpeechGate }): GatedSpeech {
  const { provider, gate } = options;

  async function assertMayHear(meetingId: string, speakerId: string): Promise<void> {
    const refusal = await gate.refusalOf(meetingId, speakerId);
    if (refusal === null) return;
    const code = refusal === "switched-off" ? "FORBIDDEN" : "CONSENT_MISSING";
    throw new AppError(code, refusals[refusal], { details: { reason: refusal } });
  }

  return {
    name: provider.name,
    assertMayHear,
    async transcribe(recording, { meetingId, orgId, speakerId, ...context }) {
      const goOn = () => assertMayHear(meetingId, speakerId);
      const spoken = await provider.transcribe(recording, {
        ...context,
        subject: { meetingId, orgId },
        goOn,
      });
      await goOn();
      return spoken;
    },
  };
}
