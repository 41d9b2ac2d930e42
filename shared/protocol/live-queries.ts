// The named live queries: arguments in, snapshot out; the gateway re-runs them when one of their topics changes.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { meetingConsentsSchema } from "../schemas/consents.ts";
import { runsSnapshotSchema } from "../schemas/career/runs.ts";
import { clientFlagsSchema } from "../schemas/flags.ts";
import { recapSchema } from "../schemas/insights.ts";
import { mailSummarySchema } from "../schemas/mail.ts";
import { homeSchema, meetingSchema, meetingStateSchema } from "../schemas/meetings.ts";
import { ownMatchingSchema } from "../schemas/matching.ts";
import { notesViewSchema } from "../schemas/notes.ts";
import { connectionsSchema, peoplePageSchema, personSchema, searchPeopleSchema } from "../schemas/people.ts";
import { promptSchema } from "../schemas/prompts.ts";
import { ownRatingSchema } from "../schemas/ratings.ts";
import { coachReviewSchema, liveMirrorSchema } from "../schemas/reviews.ts";

const meetingArgs = z.object({ meetingId: meetingIdSchema });

export const liveQueries = {
  home: { args: z.object({}), snapshot: homeSchema },
  meeting: { args: meetingArgs, snapshot: meetingSchema },
  state: { args: meetingArgs, snapshot: meetingStateSchema },
  notes: { args: meetingArgs, snapshot: notesViewSchema },
  prompts: { args: meetingArgs, snapshot: z.array(promptSchema) },
  recap: { args: meetingArgs, snapshot: recapSchema },
  /** The reader's own. */
  rating: { args: meetingArgs, snapshot: ownRatingSchema },
  /** The reader's own, of a call they hosted. */
  review: { args: meetingArgs, snapshot: coachReviewSchema },
  /** The same while the call runs, in short. */
  mirror: { args: meetingArgs, snapshot: liveMirrorSchema },
  /** How far the transcript has been corrected; what changed is read again by HTTP. */
  transcript: { args: meetingArgs, snapshot: z.object({ revision: z.number().int() }) },
  consents: { args: meetingArgs, snapshot: meetingConsentsSchema },
  /** What the page may show; changes at once when an operator decides. */
  flags: { args: z.object({}), snapshot: clientFlagsSchema },
  connections: { args: z.object({}), snapshot: connectionsSchema },
  person: { args: z.object({ userId: userIdSchema }), snapshot: personSchema },
  /** The first page of a search; further ones are asked for by HTTP. */
  people: { args: searchPeopleSchema.pick({ q: true }), snapshot: peoplePageSchema },
  /** One's own state in the matching queue. */
  matching: { args: z.object({}), snapshot: ownMatchingSchema },
  /** One's newest runs; what a run has made is read by HTTP when its stage here moves on. */
  careerRuns: { args: z.object({}), snapshot: runsSnapshotSchema },
  outbox: { args: z.object({}), snapshot: z.array(mailSummarySchema) },
} as const;

export type LiveQueryName = keyof typeof liveQueries;
export type LiveQueryArgs<Name extends LiveQueryName> = z.output<(typeof liveQueries)[Name]["args"]>;
export type LiveQuerySnapshot<Name extends LiveQueryName> = z.output<(typeof liveQueries)[Name]["snapshot"]>;

/** A name for "something a query read has changed", e.g. `meeting:<id>` or `user:<id>`. */
export type Topic =
  | `meeting:${string}`
  | `state:${string}`
  | `presence:${string}`
  | `transcript:${string}`
  | `prompts:${string}`
  | `recap:${string}`
  | `rating:${string}`
  | `review:${string}`
  | `notes:${string}`
  | `consents:${string}`
  /** Of a person. */
  | `career-runs:${string}`
  | `flags:${string}`
  /** Who belongs to an organisation. */
  | `members:${string}`
  /** One person's state in the queue; `matching:queue` where who else waits has changed. */
  | `matching:${string}`
  | `user:${string}`;
