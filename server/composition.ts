// The only wiring file: opens the store, builds every part in order, connects them by events, and closes them again.
import { join } from "node:path";
import { createRealtime } from "../realtime/index.ts";
import type { App, ComposeOptions } from "./composition/app.ts";
import { createAi } from "./composition/ai.ts";
import { createAfterwards } from "./composition/afterwards.ts";
import { createCareer, latexBy } from "./composition/career.ts";
import { careerWithPlans } from "./composition/plans.ts";
import { createCounting } from "./composition/counting.ts";
import { createFileModules } from "./composition/files.ts";
import { connectEvents } from "./composition/events.ts";
import { createIdentityVendor } from "./composition/identity-vendor.ts";
import { createLiveQueries } from "./composition/live-queries.ts";
import { createMail } from "./composition/mail.ts";
import { connectMatching, createMatching } from "./composition/matching.ts";
import { createProfileVectors } from "./composition/profile-vectors.ts";
import { createPairing } from "./composition/matching-rounds.ts";
import { createPeople } from "./composition/people.ts";
import { createPersonalData } from "./composition/personal-data.ts";
import { createRealtimePorts } from "./composition/realtime-ports.ts";
import { connectNodes } from "./composition/nodes.ts";
import { resumeAfterRestart } from "./composition/resume.ts";
import { startTracing } from "./composition/tracing.ts";
import { connectVideo, createVideoVendor } from "./composition/video.ts";
import { createJobs } from "./jobs/index.ts";
import { createApiKeysModule } from "./modules/api-keys/index.ts";
import { createAuditModule, createHeadFiles } from "./modules/audit/index.ts";
import { createBriefsModule } from "./modules/briefs/index.ts";
import {
  createConsentLedger,
  createConsentRepository,
  createConsentService,
} from "./modules/consent/index.ts";
import { createEncryptionModule } from "./modules/encryption/index.ts";
import type { DeletionService } from "./modules/deletion/index.ts";
import { talkJudge } from "./modules/feedback/index.ts";
import { createFlagsModule } from "./modules/flags/index.ts";
import { createIdentityModule } from "./modules/identity/index.ts";
import { createMeetingsModule } from "./modules/meetings/index.ts";
import { createNotesModule } from "./modules/notes/index.ts";
import { createOrganizationsModule } from "./modules/organizations/index.ts";
import { createObjectivesModule } from "./modules/objectives/index.ts";
import { createOverviewModule } from "./modules/overview/index.ts";
import { createBlocks, createConnectionsRepository } from "./modules/people/index.ts";
import { createPromptsModule } from "./modules/prompts/index.ts";
import { createSearchModule } from "./modules/search/index.ts";
import { createRetentionPoliciesOn } from "./modules/retention/index.ts";
import { createTranscriptsModule } from "./modules/transcripts/index.ts";
import { createUsersModule } from "./modules/users/index.ts";
import { createVideoModule } from "./modules/video/index.ts";
import { systemClock } from "./platform/clock.ts";
import { createCluster } from "./platform/cluster/index.ts";
import { createRedisTransport } from "./platform/cluster/redis-transport.ts";
import { openDatabase } from "./platform/database.ts";
import { createMemoryBus, type EventBus } from "./platform/event-bus.ts";
import { systemIds } from "./platform/ids.ts";
import { createRedisBus, type RedisBus } from "./platform/redis-bus.ts";
import { createMetrics } from "./platform/metrics.ts";
import { openEncryption, unencrypted } from "./platform/privacy/open-cipher.ts";
import { noTracing } from "./platform/tracing.ts";
import { createHttpApp } from "./transport/http/app.ts";
import { createAddressOf } from "./transport/http/client-address.ts";
import { createHealthApp } from "./transport/http/health-app.ts";

export type { App, ComposeOptions };

export async function compose({ config, logger, publicUrl, localUrl }: ComposeOptions): Promise<App> {
  const clock = systemClock;
  const ids = systemIds;
  const metrics = createMetrics({ processMetrics: true });
  const videoVendor = await createVideoVendor({ config, clock, metrics });
  const tracing = config.tracing === null ? noTracing : await startTracing(config.tracing);
  const database = await openDatabase(config, logger, tracing);
  const { connection } = database;
  // Before anything is read or written.
  const encryption = await openEncryption({ config, connection, clock, logger }).catch(
    async (error: unknown) => {
      await database.close();
      throw error;
    },
  );
  const { cipher } = encryption;
  const redisBus: RedisBus | null =
    config.redisUrl === null
      ? null
      : await createRedisBus({ url: config.redisUrl, node: ids.uuid(), logger });
  const bus: EventBus = redisBus ?? createMemoryBus(logger);
  const serves = config.roles.has("api");
  const works = config.roles.has("worker");
  const address = () => publicUrl;

  const base = { connection, cipher, clock, ids, logger, metrics };
  const jobs = await createJobs({ ...base, tracing });
  // Beside a store of its own nobody else can run; a worker of its own takes no part, and has the others read and write for it.
  const exclusive = config.mongodbUri === null;
  const transportToOthers =
    config.redisUrl === null || exclusive
      ? null
      : await createRedisTransport({ url: config.redisUrl, logger });
  const cluster = await createCluster({
    ...base,
    transport: transportToOthers,
    ...{ exclusive, takesPart: serves },
  });
  const { journal, streams } = cluster;
  const audit = await createAuditModule({ ...base, heads: createHeadFiles(config.dataDir) });
  const users = await createUsersModule({ connection, cipher, clock, ids });
  const { vendor, ...identityVendor } = await createIdentityVendor({
    config,
    clock,
    ids,
    publicUrl,
    localUrl,
  });
  const { transport, mail } = await createMail({
    ...base,
    config: config.mail,
    bus,
    jobs,
    users,
    audit,
    publicUrl: address,
  });
  const ledger = await createConsentLedger({ repository: await createConsentRepository(connection), clock });
  const organizations = await createOrganizationsModule({
    connection,
    directory: vendor.directory,
    users,
    audit,
    bus,
    // WorkOS sends its invitations itself.
    mail: vendor.mode === "local" ? mail : null,
    clock,
    logger,
  });
  const apiKeys = await createApiKeysModule({
    connection,
    cipher,
    users,
    organizations,
    audit,
    bus,
    clock,
    ids,
    logger,
  });
  const deletions = Promise.withResolvers<DeletionService>();
  const identity = await createIdentityModule({
    ...identityVendor,
    vendor,
    connection,
    users,
    organizations,
    jobs,
    bus,
    clock,
    ids,
    logger,
    audit,
    deletePerson: async (userId) => (await deletions.promise).requestByVendor(userId),
    publicUrl: address,
  });
  const connections = await createConnectionsRepository(connection);
  const policies = createRetentionPoliciesOn({
    connection,
    environment: config.retentionOfCalls,
    graceMs: config.retentionGraceMs,
    clock,
    audit,
  });
  const planned = await createMeetingsModule({
    consents: ledger,
    blocks: createBlocks(connections),
    retention: policies,
    connection,
    clock,
    ids,
    bus,
    users,
    mail,
    organizations,
    audit,
    publicUrl: address,
    mailFrom: config.mail.from,
  });
  const common = { connection, cipher, audit, bus, clock, ids, logger, metrics };
  const { people, scheduling, calendar, meetings, ...calendars } = await createPeople({
    ...{ ...common, connections, users, organizations, mail, jobs },
    ...{ meetings: planned, publicUrl: address },
  });
  const consent = createConsentService({ ...common, ledger, meetings });
  const transcripts = await createTranscriptsModule({ ...common, journal, streams, meetings });
  const { files, photos, messaging, careerFiles, fileStore } = await createFileModules({
    ...base,
    config,
    journal,
    streams,
    jobs,
    users,
    meetings,
    ...{ organizations, blocks: createBlocks(connections) },
    audit,
    bus,
  });
  const notes = await createNotesModule({ ...common, journal, streams, meetings, users });
  const aiParts = { ...common, config: config.ai, meetings, transcripts, consents: ledger, videoVendor };
  const { ai, captions, language, ideas, embeddings, createPassages, postingReader, rewriters } =
    await createAi(aiParts);
  const flags = await createFlagsModule({ ...common, environment: config.environment });
  const kit = { ...common, jobs, ideas };
  const keys = createEncryptionModule({ ...kit, encryption, exclusive });
  const prompts = await createPromptsModule({
    ...kit,
    meetings: { ...meetings, consents: ai.consentsIn },
    transcripts,
    judge: talkJudge,
    isOn: async (kind, meetingId) =>
      (await ai.useIn(meetingId)) !== "off" && (await flags.isOn(`prompts.${kind}`, { meetingId })),
  });
  const talk = { ...kit, meetings, transcripts, users, consents: ledger, ai, language };
  const afterwards = { ...talk, messaging, notes, ids, mail, organizations, publicUrl: address };
  const { plans, feedback, insights, ratings } = await createAfterwards(afterwards);
  const passages = await createPassages({ jobs, insights });
  const search = createSearchModule({ ...talk, passages });
  const briefs = createBriefsModule({ ...talk, insights, people });
  const careerParts = { ...afterwards, files, careerFiles, fileStore, embeddings, postingReader, rewriters };
  const { career, careerData, startCareer, closeCareer } = await createCareer({
    ...careerParts,
    latex: await latexBy(config.pdflatex),
  });
  const { busy, exceptionsOf } = calendars;
  const vectorsOf = createProfileVectors({ ai, embeddings, logger });
  const matched = {
    ...{ connections, organizations, ratings, vectorsOf },
    ...{ meetings: { ...meetings, busy }, exceptionsOf },
  };
  const matching = await createMatching({ ...talk, ...matched });
  const rounds = await createPairing({ ...afterwards, ...matched });
  const { ownExport, deletion, retention } = await createPersonalData({
    ...base,
    ...kit,
    config,
    policies,
    passages,
    users,
    organizations,
    identity,
    directory: vendor.directory,
    meetings,
    transcripts,
    messaging,
    files,
    notes,
    prompts,
    insights,
    feedback,
    consent,
    mail,
    journal,
    career: careerWithPlans(careerData, plans.data),
    compactStore: () => database.compact(),
  });
  deletions.resolve(deletion);
  const { rateLimiter, idempotency, ...counting } = await createCounting({ ...base, config });
  const objectives = await createObjectivesModule({ connection, clock, metrics, logger });
  const overview = await createOverviewModule({ ...common, meetings, insights, ratings, organizations });
  const video = await createVideoModule({ ...common, ...videoVendor, meetings, transcripts, jobs });
  const services = {
    ai,
    captions,
    passages,
    search,
    briefs,
    career,
    users,
    people,
    scheduling,
    matching,
    ...rounds,
    calendar,
    organizations,
    apiKeys,
    consent,
    deletion,
    ownExport,
    retention,
    objectives,
    overview,
    meetings,
    transcripts,
    messaging,
    notes,
    prompts,
    insights,
    plans,
    feedback,
    ratings,
    photos,
    mail,
    audit,
    flags,
    encryption: keys,
    video,
  };

  const realtime = createRealtime(
    createRealtimePorts({
      ...services,
      identity,
      callMaxPeers: video.maxPeers,
      addressOf: createAddressOf(config.trustedProxies),
      rateLimiter,
      idempotency,
      cluster,
      clock,
      ids,
      logger,
      metrics,
      tracing,
      liveQueries: createLiveQueries(services),
    }),
    { allowedOrigins: [new URL(publicUrl).origin] },
  );
  let disconnectNodes = () => {};
  if (serves) {
    connectEvents({ bus, realtime, journal, logger, ...services });
    connectMatching({ bus, realtime, matching, logger });
    connectVideo({ bus, video, meetings, logger });
    disconnectNodes = connectNodes({ cluster, redisBus, realtime, meetings, identity, clock, logger });
    // What a crash left in the journal is in the collections before anybody may look for it.
    await journal.start();
    await resumeAfterRestart({ ...services, othersLive: cluster.others().length > 0 });
  } else await journal.start();
  // Said by a process that serves: one that is refused has a single sentence to say.
  if (encryption.source === "none") logger.warn({}, unencrypted);
  await audit.start();
  await Promise.all([
    flags.start(),
    identity.start(),
    deletion.start(),
    ownExport.start(),
    retention.start(),
    calendars.startCalendars(),
  ]);
  if (works) {
    await keys.start();
    await Promise.all([passages.start(), rounds.pairing.start(), startCareer()]);
    jobs.start();
    overview.start();
  }
  objectives.start();

  const ready = async () => {
    await database.ping();
    await redisBus?.ping();
  };
  const handler = serves
    ? createHttpApp({
        services: { ...services, operators: config.operators },
        identity,
        rateLimiter,
        idempotency,
        clock,
        logger,
        metrics,
        tracing,
        publicUrl: address,
        clientDir: join(import.meta.dirname, "..", "client", "dist"),
        trustedProxies: config.trustedProxies,
        transcriptWebhookSecrets: config.transcriptWebhookSecrets,
        workosWebhookSecrets: identityVendor.webhookSecrets,
        mailWebhookSecrets: config.mail.webhookSecrets,
        ...videoVendor.http,
        status: {
          signIn: identity.mode,
          store: database.kind,
          mail: transport.mode,
          video: video.mode,
          language: language.mode,
        },
        ready,
      })
    : createHealthApp({ metrics, logger, ready });

  return {
    handler,
    realtime: serves ? realtime : null,
    failed: Promise.race([database.failed, cluster.failed]),
    async stop(graceMs) {
      // From the outside in: sockets, then work, then the write path, then the store.
      await realtime.stop(graceMs);
      await prompts.stop();
      await Promise.all([insights.live.stop(), briefs.stop()]);
      await jobs.stop(graceMs);
      await flags.stop();
      await objectives.stop();
      await matching.stop();
      await overview.stop();
      await journal.stop();
      await audit.stop();
      disconnectNodes();
      await transportToOthers?.close();
      counting.close();
      await redisBus?.stop();
      await transport.close();
      await closeCareer();
      await calendars.closeCalendars();
      await identity.stop();
      await database.close();
      await tracing.stop();
    },
  };
}
