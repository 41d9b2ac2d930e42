// What people are shown when they are asked for consent. A wording that was ever shown is not edited: it gets a successor.
import type { ConsentPurpose } from "./schemas/consents.ts";

export interface ConsentWording {
  title: string;
  text: string;
}

/** Oldest first: the number of a wording is its place, counted from 1, and the last one is the present. */
export const consentWordings: Record<ConsentPurpose, readonly [ConsentWording, ...ConsentWording[]]> = {
  captions: [
    {
      title: "My words may be written down",
      text: "What I say becomes text that everybody in the meeting can read, now and later. My browser turns my microphone into text; some browsers use their maker's speech service for that.",
    },
    {
      title: "My words may be written down",
      text: "What I say becomes text that everybody in the meeting can read, now and later. My browser turns my microphone into text; some browsers use their maker's speech service for that. Or, where I choose so, my sound goes to the speech service of this server, which is named there, in pieces of up to 15 seconds; the sound is not kept here.",
    },
  ],
  recording: [
    {
      title: "Sound and picture of me may be recorded",
      text: "A recording of the call is kept for the people of this meeting.",
    },
  ],
  ai: [
    {
      title: "A machine may read my words",
      text: "It looks for actions, decisions and topics in what I said, for prompts during the call and the recap after it.",
    },
  ],
  sharing: [
    {
      title: "My part may leave this circle",
      text: "People who only observe may watch the call and read its notes and transcript, and emails to the others may quote me.",
    },
  ],
};

/** From this wording of `captions` on, a speech service of the server is named: earlier answers do not speak of it. */
export const speechServiceWording = 2;

export const consentPurposes = Object.keys(consentWordings) as ConsentPurpose[];

/** The number of the present wording. */
export function presentWording(purpose: ConsentPurpose): number {
  return consentWordings[purpose].length;
}

/** As one text, as the ledger shows it; null for a number that never was. */
export function wordingText(purpose: ConsentPurpose, number: number): string | null {
  const wording = consentWordings[purpose][number - 1];
  return wording === undefined ? null : `${wording.title}. ${wording.text}`;
}
