// The row of the REST table that takes pieces of a microphone, for captions by the server's speech service.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { speechPieceQuerySchema, speechPieceSchema } from "../schemas/speech.ts";
import { endpoint } from "./endpoint.ts";

export const speechEndpoints = {
  sendSpeech: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/speech",
    access: "meeting",
    summary:
      "Have a piece of one's own sound written down by the server's speech service; the sound is not kept",
    params: z.object({ id: meetingIdSchema }),
    query: speechPieceQuerySchema,
    upload: "speech",
    response: speechPieceSchema,
  }),
} as const;
