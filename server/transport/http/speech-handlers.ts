// The handler that takes pieces of a microphone for captions.
import type { CaptionsService } from "../../modules/captions/index.ts";
import type { AudioFormat } from "../../vendors/speech/index.ts";
import type { Handlers } from "./endpoint-router.ts";

const formats: Partial<Record<string, AudioFormat>> = {
  "audio/webm": "webm",
  "audio/ogg": "ogg",
  "audio/mp4": "mp4",
};

export function createSpeechHandlers({
  captions,
}: {
  captions: CaptionsService;
}): Pick<Handlers, "sendSpeech"> {
  return {
    sendSpeech: (actor, { params, query, receive }) =>
      captions.write(actor, params.id, query, async () => {
        const { bytes, type } = await receive();
        const format = formats[type];
        if (format === undefined) throw new Error(`No speech service is known to take ${type}.`);
        return { bytes, format };
      }),
  };
}
