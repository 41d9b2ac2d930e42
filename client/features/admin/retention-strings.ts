// Words of the page about how long an organisation's calls are kept.
import type { RetentionKind } from "../../../shared/schemas/retention.ts";

const calls = (count: number) => `${count.toLocaleString()} ${count === 1 ? "call" : "calls"}`;
const yearsOf = (years: number) => (years === 1 ? "1 year" : `${years} years`);
const lengthOf = (days: number) =>
  days === 1 ? "1 day" : days % 365 === 0 ? yearsOf(days / 365) : `${days.toLocaleString()} days`;

export const retentionStrings = {
  title: "Retention",
  under:
    "How long your organisation keeps what calls leave behind, counted from the end of each call. What is over is deleted once a day, for good.",
  loading: "Asking how long things are kept…",
  terms: "Terms",
  kinds: {
    transcript: "Transcripts",
    chat: "Chat with its files",
    notes: "Notes of every layer",
    prompts: "Prompts",
    recaps: "Recaps",
    reviews: "Reviews for coaches",
    ratings: "Ratings",
  } satisfies Record<RetentionKind, string>,
  holds: {
    transcript: "Lines, corrections, and what finds them in search.",
    chat: "Messages and attached files.",
    notes: "Shared notes and everybody's own, with their history.",
    prompts: "What was suggested to hosts during a call.",
    recaps: "With their emails and the commitments that are done.",
    reviews: "No longer than the transcript that they show places of.",
    ratings: "Each person's own, with comments.",
  } satisfies Record<RetentionKind, string>,
  length: lengthOf,
  forGood: "Until somebody deletes it",
  asInstallation: (days: number | null) =>
    days === null ? "Until somebody deletes it" : `As this installation: ${lengthOf(days)}`,
  now: (days: number | null) => (days === null ? "Counts now: for good." : `Counts now: ${lengthOf(days)}.`),
  next: (days: number | null, when: string) =>
    `From ${when}: ${days === null ? "for good" : lengthOf(days)}. Until then you can take it back.`,
  most: (days: number) => `This installation keeps it for at most ${lengthOf(days)}.`,
  grace: (hours: number) =>
    hours === 0
      ? "A shorter term counts at once."
      : `A shorter term counts ${hours === 24 ? "one day" : `${hours.toLocaleString()} hours`} after you decide it, so that a mistake can be taken back. A longer one counts at once.`,
  stays:
    "Open commitments stay until somebody closes them. Titles, times, attendance and consents stay. Nothing of a call that is to come or runs is deleted.",
  review: "Review changes…",
  reset: "Discard changes",
  saved: "Saved.",
  changed: (when: string) => `Last changed ${when}.`,
  lastRun: (when: string) => `Last looked through ${when}.`,
  never: "Nothing was looked through yet.",
  confirm: {
    title: "Change how long calls are kept?",
    loading: "Counting the calls that this concerns…",
    change: (kind: string, from: string, to: string) => `${kind}: ${from} → ${to}`,
    would: "If these terms counted now, this would be deleted:",
    nothing: "If these terms counted now, nothing would be deleted.",
    count: (count: number, atLeast: boolean) => `${atLeast ? "at least " : ""}${calls(count)}`,
    commitments: (count: number) =>
      `${count.toLocaleString()} open ${count === 1 ? "commitment of those calls stays" : "commitments of those calls stay"}.`,
    phrase: (phrase: string) => `Type “${phrase}” to keep it for a shorter time`,
    cancel: "Back",
    save: "Change terms",
  },
};
