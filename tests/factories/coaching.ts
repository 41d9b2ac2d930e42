// One process of the application's modules on a test store, all of them real; the time of prompts can be moved by hand.
import type { z } from "zod";
import { createJobs, type Jobs } from "../../server/jobs/index.ts";
import { createAuditModule } from "../../server/modules/audit/index.ts";
import { createCaptionsModule, type CaptionsService } from "../../server/modules/captions/index.ts";
import {
  createConsentLedger,
  createConsentRepository,
  createConsentService,
  type ConsentLedger,
  type ConsentService,
} from "../../server/modules/consent/index.ts";
import {
  createFeedbackModule,
  talkJudge,
  type FeedbackService,
} from "../../server/modules/feedback/index.ts";
import { createInsightsModule, type InsightsService } from "../../server/modules/insights/index.ts";
import { createMailModule, type MailService } from "../../server/modules/mail/index.ts";
import { createMeetingsModule, type MeetingsService } from "../../server/modules/meetings/index.ts";
import type { MessagingService } from "../../server/modules/messaging/index.ts";
import type { NotesService } from "../../server/modules/notes/index.ts";
import { createPassagesModule, createPassagesRepository } from "../../server/modules/passages/index.ts";
import {
  createPlansModule,
  createPlansRepository,
  type PlansService,
} from "../../server/modules/plans/index.ts";
import { createPromptsModule, type PromptsService } from "../../server/modules/prompts/index.ts";
import { createRatingsModule, type RatingsService } from "../../server/modules/ratings/index.ts";
import { createSearchModule, type SearchService } from "../../server/modules/search/index.ts";
import { createTranscriptsModule, type TranscriptsService } from "../../server/modules/transcripts/index.ts";
import { createUsersModule, type UsersService } from "../../server/modules/users/index.ts";
import { systemClock, type Clock } from "../../server/platform/clock.ts";
import {
  createMemoryBus,
  type DomainEventName,
  type DomainEvents,
  type EventBus,
} from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createCluster } from "../../server/platform/cluster/index.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics, type Metrics } from "../../server/platform/metrics.ts";
import { createAiService, createAiStores, type AiService } from "../../server/modules/ai/index.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import { createMemoryVectors } from "../../server/vendors/vectors/memory.ts";
import { createGatedLanguage } from "../../server/vendors/language/gated.ts";
import { createGatedIdeas } from "../../server/vendors/language/ideas.ts";
import type { IdeaWriter, LanguageProvider } from "../../server/vendors/language/index.ts";
import { createGatedSpeech } from "../../server/vendors/speech/gated.ts";
import type { SpeechProvider } from "../../server/vendors/speech/index.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import type { MailTransport } from "../../server/vendors/mail/index.ts";
import { createOutboxTransport } from "../../server/vendors/mail/outbox.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import { createMeetingSchema, type Meeting } from "../../shared/schemas/meetings.ts";
import type { RetentionKind } from "../../shared/schemas/retention.ts";
import type { TestStore } from "./store.ts";
import { testCipher } from "./cipher.ts";

export interface Coaching {
  ai: AiService;
  captions: CaptionsService;
  users: UsersService;
  meetings: MeetingsService;
  consent: ConsentService;
  transcripts: TranscriptsService;
  mail: MailService;
  prompts: PromptsService;
  insights: InsightsService;
  plans: PlansService;
  feedback: FeedbackService;
  ratings: RatingsService;
  jobs: Jobs;
  bus: EventBus;
  metrics: Metrics;
  actorOf(name: string): Promise<Actor>;
  create(host: Actor, input?: Partial<z.input<typeof createMeetingSchema>>): Promise<Meeting>;
  /** Appends lines of "speaker: words", five seconds each, from `fromMs` on; sent by the host. */
  say(host: Actor, meetingId: MeetingId, lines: readonly [Actor, string][], fromMs?: number): Promise<void>;
  /** The next event that fits. */
  next<Name extends DomainEventName>(
    name: Name,
    fits?: (event: DomainEvents[Name]) => boolean,
  ): Promise<DomainEvents[Name]>;
  /** The prompts module as another process would run it beside this one; whoever asks for it stops it. */
  promptsElsewhere(): Promise<PromptsService>;
  /** Questions across calls, with vectors of counted words; null where they were not asked for. */
  search: SearchService | null;
  close(): Promise<void>;
}

export type BesideParts = Pick<Coaching, "jobs" | "meetings" | "insights" | "ai"> & {
  consents: ConsentLedger;
};

const noChat: MessagingService["list"] = async () => ({
  messages: [],
  changes: [],
  lastSequence: 0,
  nextFromSequence: null,
});
const noNotes: NotesService["read"] = async (_actor, meetingId, layer) => ({
  meetingId,
  layer,
  content: "",
  text: "",
  version: 0,
  updatedAt: null,
});

const mailFrom = "Connvo <connvo@example.org>";

export async function openCoaching(
  store: Pick<TestStore, "connection">,
  options: {
    promptsClock?: Clock;
    /** All where none are named. */
    promptKinds?: readonly ("lull" | "triggers")[];
    ratingsClock?: Clock;
    language?: LanguageProvider;
    speech?: SpeechProvider;
    /** Writes words for prompts; rules do where it is not given. */
    ideas?: IdeaWriter;
    search?: true;
    /** The outbox where it is not given. */
    mailTransport?: MailTransport;
    /** Of every meeting that has ended; nothing where it is not given. */
    over?: () => ReadonlySet<RetentionKind>;
    /** Of every organisation; everybody where they are not given. */
    members?: ReadonlySet<UserId>;
    /** What was written beside the talk; nothing where they are not given. */
    chat?: MessagingService["list"];
    notes?: NotesService["read"];
    /** Puts further modules together, whose jobs must be known before any runs. */
    beside?: (parts: BesideParts) => Promise<void>;
  } = {},
): Promise<Coaching> {
  // A process compiles its models once; here several follow each other, or run at once, on one store.
  const newConnection = () => store.connection.useDb(store.connection.name, { useCache: false });
  const connection = newConnection();
  const clock = systemClock;
  const metrics = createMetrics({ processMetrics: false });
  const bus = createMemoryBus(silentLogger);
  const parts = { connection, cipher: testCipher, clock, ids: systemIds, logger: silentLogger, metrics, bus };
  const publicUrl = () => "http://localhost:3000";
  const jobs = await createJobs(parts);
  const { journal, streams } = await createCluster({ ...parts, transport: null, exclusive: true });
  const audit = await createAuditModule({ ...parts, heads: null });
  const users = await createUsersModule(parts);
  const mail = await createMailModule({
    ...parts,
    jobs,
    transport: options.mailTransport ?? createOutboxTransport(),
    mailFrom,
    users,
    audit,
    publicUrl,
  });
  const consents = await createConsentLedger({
    repository: await createConsentRepository(connection),
    clock,
  });
  const meetings = await createMeetingsModule({
    ...parts,
    blocks: { among: () => Promise.resolve(new Set()), pairsAmong: () => Promise.resolve([]) },
    users,
    mail,
    organizations: {
      membersAmong: (_orgId, userIds) =>
        Promise.resolve(new Set(userIds.filter((userId) => options.members?.has(userId) ?? true))),
    },
    audit,
    consents,
    publicUrl,
    mailFrom,
    retention: { over: () => Promise.resolve(options.over?.() ?? new Set()) },
  });
  const consent = createConsentService({ ...parts, ledger: consents, meetings, audit });
  const transcripts = await createTranscriptsModule({ ...parts, journal, streams, meetings, audit });
  const daily = { tokens: 0, cost: 0 };
  const { repository } = await createAiStores({ ...parts, daily, cacheMs: 60_000 });
  const ai = createAiService({
    ...parts,
    repository,
    meetings,
    consents,
    provider: options.language ?? { mode: "rules", name: "rules" },
    daily,
    speech: options.speech?.name ?? null,
    vendors: () => [],
    audit,
  });
  const speech =
    options.speech === undefined ? null : createGatedSpeech({ provider: options.speech, gate: ai });
  const captions = createCaptionsModule({ ...parts, speech, meetings, transcripts, audit });
  const promptsOn = (own: typeof connection) =>
    createPromptsModule({
      isOn: async (kind, meetingId) =>
        (options.promptKinds?.includes(kind) ?? true) && (await ai.useIn(meetingId)) !== "off",
      judge: talkJudge,
      ideas: options.ideas === undefined ? null : createGatedIdeas({ writer: options.ideas, gate: ai }),
      ...parts,
      connection: own,
      clock: options.promptsClock ?? clock,
      meetings: { ...meetings, consents: ai.consentsIn },
      transcripts,
    });
  const prompts = await promptsOn(connection);
  const rules = createRulesLanguage();
  const provider = options.language ?? rules;
  const language = createGatedLanguage({ provider, rules, gate: ai });
  const feedback = await createFeedbackModule({ ...parts, jobs, meetings, transcripts, consents, audit });
  const repositoryOfPlans = await createPlansRepository(connection);
  const plans = createPlansModule({ ...parts, repository: repositoryOfPlans, audit });
  const insights = await createInsightsModule({
    messaging: { list: options.chat ?? noChat },
    notes: { read: options.notes ?? noNotes },
    feedback,
    milestones: plans.commitments,
    checkAfterMs: 1_000,
    ...parts,
    jobs,
    meetings,
    users,
    transcripts,
    mail,
    language,
    forgetAnswers: ai.forgetAnswers,
    consentsIn: ai.consentsIn,
    consents,
    audit,
    publicUrl,
  });
  const ratings = await createRatingsModule({
    ...parts,
    clock: options.ratingsClock ?? clock,
    meetings,
    audit,
  });
  bus.subscribe("consent.changed", (change) => void insights.reconsider(change));
  bus.subscribe("consent.changed", (change) => void feedback.reconsider(change));
  bus.subscribe("transcript.edited", ({ meetingId }) => void feedback.linesChanged(meetingId));
  bus.subscribe("transcript.edited", ({ meetingId }) => void insights.linesChanged(meetingId));
  async function openSearch(): Promise<SearchService> {
    const embeddings = createLexicalEmbeddings();
    const { name: model, version } = embeddings;
    const vectors = await createPassagesRepository(connection, { clock, configuration: { model, version } });
    const talk = { ...parts, jobs, meetings, transcripts, insights, users, consents, ai, language };
    const passages = createPassagesModule({
      ...talk,
      repository: vectors,
      embeddings,
      provider: "memory",
      indexName: "test",
      openIndex: (dimensions) => createMemoryVectors({ store: vectors, dimensions }),
    });
    bus.subscribe("recap.changed", ({ meetingId }) => void passages.reconsider(meetingId));
    return createSearchModule({ ...talk, passages });
  }
  const search = options.search === true ? await openSearch() : null;
  await options.beside?.({ jobs, meetings, insights, ai, consents });
  await journal.start();
  jobs.start();

  return {
    ai,
    captions,
    users,
    meetings,
    consent,
    transcripts,
    mail,
    prompts,
    insights,
    plans,
    feedback,
    ratings,
    search,
    jobs,
    bus,
    metrics,
    async actorOf(name) {
      const { id, email, displayName } = await users.ensureByEmail(`${name}@example.org`);
      return {
        userId: id,
        email,
        displayName,
        orgId: null,
        orgRole: "member",
        sessionId: name,
        expiresAt: new Date("2100-01-01T00:00:00Z"),
      };
    },
    create: (host, input = {}) =>
      meetings.create(host, createMeetingSchema.parse({ title: "First call", ...input })),
    async say(host, meetingId, lines, fromMs = 0) {
      await transcripts.append(
        host,
        meetingId,
        lines.map(([speaker, text], index) => ({
          clientKey: systemIds.uuid(),
          speakerId: speaker.userId,
          text,
          confidence: 0.9,
          startMs: fromMs + index * 5_000,
          endMs: fromMs + (index + 1) * 5_000 - 200,
        })),
      );
    },
    next: (name, fits = () => true) =>
      new Promise((resolve) => {
        const stop = bus.subscribe(name, (event) => {
          if (!fits(event)) return;
          stop();
          resolve(event);
        });
      }),
    promptsElsewhere: () => promptsOn(newConnection()),
    async close() {
      await prompts.stop();
      await insights.live.stop();
      await jobs.stop(5_000);
      await journal.stop();
    },
  };
}
