// What follows from people's answers: one place that says when silence means yes and when it means no.
import { speechServiceWording } from "./consent-wording.ts";
import type { ConsentAnswer, ConsentPurpose } from "./schemas/consents.ts";

/** Null: not asked, or not answered. */
export type ConsentAnswers = Readonly<Record<ConsentPurpose, ConsentAnswer | null>>;

export const noAnswers: ConsentAnswers = { captions: null, recording: null, ai: null, sharing: null };

/**
 * Words that a person types, or that a host or a recogniser delivers, are stored unless the person refuses. A browser
 * that turns a microphone into words on its own waits for the person's yes.
 */
export function mayBeWrittenDown({ captions }: ConsentAnswers): boolean {
  return captions !== "refused";
}

/**
 * Rules run on this server and pass nothing on; a model is somebody else, and is given nothing without a yes. Where
 * machines are switched off, it does not matter what anybody has said.
 */
export function mayBeReadByMachine({ ai }: ConsentAnswers, mode: "rules" | "model" | "off"): boolean {
  if (mode === "off") return false;
  return mode === "rules" ? ai !== "refused" : ai === "given";
}

/**
 * Sound that leaves this server: only for who has said yes to being written down in words that name such a service, and to
 * machines. Null where it may, else what is missing.
 */
export function missingForSpeechService(
  { captions, ai }: Pick<ConsentAnswers, "captions" | "ai">,
  captionsWording: number | null,
): "captions" | "wording" | "ai" | null {
  if (captions !== "given") return "captions";
  if ((captionsWording ?? 0) < speechServiceWording) return "wording";
  return ai === "given" ? null : "ai";
}

/** In emails to the others of the meeting, who were there when it was said. */
export function mayBeQuoted({ sharing }: ConsentAnswers): boolean {
  return sharing !== "refused";
}

/** By people who are there for none of the talk: nobody may be watched who has not said yes. */
export function mayBeObserved({ sharing }: ConsentAnswers): boolean {
  return sharing === "given";
}
