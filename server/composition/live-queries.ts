// Which topics each live query depends on, and the service that answers it.
import type { Actor } from "../../shared/actor.ts";
import {
  liveQueries as contracts,
  type LiveQueryArgs,
  type LiveQueryName,
  type LiveQuerySnapshot,
  type Topic,
} from "../../shared/protocol/live-queries.ts";
import type { LiveQuery } from "../../realtime/index.ts";
import type { CareerServices } from "../modules/career/index.ts";
import type { ConsentService } from "../modules/consent/index.ts";
import type { FeedbackService } from "../modules/feedback/index.ts";
import type { FlagsService } from "../modules/flags/index.ts";
import type { InsightsService } from "../modules/insights/index.ts";
import type { MailService } from "../modules/mail/index.ts";
import type { MatchingService } from "../modules/matching/index.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { NotesService } from "../modules/notes/index.ts";
import type { PeopleService } from "../modules/people/index.ts";
import type { PromptsService } from "../modules/prompts/index.ts";
import type { RatingsService } from "../modules/ratings/index.ts";
import type { TranscriptsService } from "../modules/transcripts/index.ts";

const outboxItems = 50;
const peopleItems = 50;
const runItems = 50;

interface Services {
  career: Pick<CareerServices, "runs">;
  feedback: FeedbackService;
  flags: FlagsService;
  meetings: MeetingsService;
  transcripts: TranscriptsService;
  notes: NotesService;
  prompts: PromptsService;
  insights: InsightsService;
  mail: MailService;
  consent: ConsentService;
  ratings: RatingsService;
  people: PeopleService;
  matching: MatchingService;
}

export function createLiveQueries(services: Services): LiveQuery[] {
  const { feedback, flags, meetings, transcripts, notes, prompts, insights, mail } = services;
  const { consent, ratings, people, career, matching } = services;
  return [
    define("home", {
      topics: (actor) => [`user:${actor.userId}`],
      run: async (actor) => ({
        ...(await meetings.overview(actor)),
        commitments: await insights.openCommitments(actor),
      }),
    }),
    define("meeting", {
      topics: (_actor, { meetingId }) => [`meeting:${meetingId}`, `presence:${meetingId}`],
      run: (actor, { meetingId }) => meetings.get(actor, meetingId),
    }),
    define("state", {
      topics: (_actor, { meetingId }) => [`state:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => meetings.state(actor, meetingId),
    }),
    define("notes", {
      topics: (_actor, { meetingId }) => [`notes:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => notes.read(actor, meetingId, "shared"),
    }),
    define("prompts", {
      topics: (_actor, { meetingId }) => [`prompts:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => prompts.recent(actor, meetingId),
    }),
    define("transcript", {
      topics: (_actor, { meetingId }) => [`transcript:${meetingId}`, `meeting:${meetingId}`],
      run: async (actor, { meetingId }) => ({ revision: await transcripts.revision(actor, meetingId) }),
    }),
    define("recap", {
      topics: (actor, { meetingId }) => [
        `recap:${meetingId}`,
        `meeting:${meetingId}`,
        `user:${actor.userId}`,
      ],
      run: (actor, { meetingId }) => insights.recap(actor, meetingId),
    }),
    define("rating", {
      topics: (_actor, { meetingId }) => [`rating:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => ratings.own(actor, meetingId),
    }),
    define("review", {
      topics: (_actor, { meetingId }) => [`review:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => feedback.review(actor, meetingId),
    }),
    define("mirror", {
      topics: (_actor, { meetingId }) => [`state:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => prompts.mirror(actor, meetingId),
    }),
    define("consents", {
      topics: (_actor, { meetingId }) => [`consents:${meetingId}`, `meeting:${meetingId}`],
      run: (actor, { meetingId }) => consent.ofMeeting(actor, meetingId),
    }),
    define("flags", {
      topics: () => ["flags:all"],
      run: (actor) => flags.forClient(actor),
    }),
    define("connections", {
      topics: (actor) => [`user:${actor.userId}`],
      run: (actor) => people.connections(actor),
    }),
    define("person", {
      topics: (actor, { userId }) => [`user:${actor.userId}`, `user:${userId}`],
      run: (actor, { userId }) => people.person(actor, userId),
    }),
    define("people", {
      topics: (actor) => [
        `user:${actor.userId}`,
        ...(actor.orgId === null ? [] : [`members:${actor.orgId}` as const]),
      ],
      run: (actor, { q }) => people.search(actor, { q, limit: peopleItems }),
    }),
    define("matching", {
      topics: (actor) => [`matching:${actor.userId}`, "matching:queue"],
      run: (actor) => matching.mine(actor),
    }),
    define("careerRuns", {
      topics: (actor) => [`career-runs:${actor.userId}`],
      run: async (actor) => {
        const { items, nextCursor } = await career.runs.list(actor, { limit: runItems });
        return { items, more: nextCursor !== null };
      },
    }),
    define("outbox", {
      topics: (actor) => [`user:${actor.userId}`],
      run: async (actor) => (await mail.list(actor, { limit: outboxItems })).items,
    }),
  ];
}

function define<Name extends LiveQueryName>(
  name: Name,
  query: {
    topics(actor: Actor, args: LiveQueryArgs<Name>): Topic[];
    run(actor: Actor, args: LiveQueryArgs<Name>): Promise<LiveQuerySnapshot<Name>>;
  },
): LiveQuery {
  const parse = (args: unknown) => contracts[name].args.parse(args) as LiveQueryArgs<Name>;
  return {
    name,
    topics: (actor, args) => query.topics(actor, parse(args)),
    run: (actor, args) => query.run(actor, parse(args)),
  };
}
