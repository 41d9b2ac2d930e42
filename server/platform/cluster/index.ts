// Many processes as one: who lives, who owns which meeting, calls between them, and the journal that hides all of it.
import type { Connection } from "mongoose";
import type { Clock } from "../clock.ts";
import type { IdSource } from "../ids.ts";
import type { Journal, Materialiser, StreamFollowers } from "../journal/index.ts";
import { journalLimits, type JournalLimits } from "../journal/journal-limits.ts";
import { createJournalMeters } from "../journal/journal-meters.ts";
import type { JournalStore, Term } from "../journal/journal-store.ts";
import { createMongoJournalStore } from "../journal/journal-store.mongo.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { clusterLimits, type ClusterLimits } from "./cluster-limits.ts";
import { createClusterMeters } from "./cluster-meters.ts";
import type { ClusterStore } from "./cluster-store.ts";
import { createMongoClusterStore } from "./cluster-store.mongo.ts";
import { thisHost, type Host } from "./host.ts";
import { Member } from "./member.ts";
import { Ownership } from "./ownership.ts";
import { RelayedJournal } from "./relayed-journal.ts";
import { RoutedJournal } from "./routed-journal.ts";
import { Rpc, type Handler, type Transport } from "./rpc.ts";
import { StreamHub } from "./stream-hub.ts";

export type { Term } from "../journal/journal-store.ts";
export type { Host } from "./host.ts";
export type { Handler, Transport, Values } from "./rpc.ts";

export interface Cluster {
  /** What the modules write through; started and stopped with it, the process joins and leaves. */
  journal: Journal;
  streams: StreamFollowers;
  /** This process's term; another one after it was taken for dead. */
  term(): Term;
  /** Terms of the other processes that live, as far as is known here. */
  others(): Term[];
  /** Whether the meeting is this process's own at this moment. */
  owns(meetingId: string): boolean;
  /** The owner's term; this process becomes the owner where nobody else is. */
  owner(meetingId: string): Promise<Term>;
  /** Calls what another process `serve`s under this name. Rejects with what that threw, or where no answer came. */
  call(term: Term, method: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Before the start. `args` and answers are BSON values; a method is named once. */
  serve(method: string, handler: Handler): void;
  /** A term has ended: nothing of that process is there any more. Also told of this process's own. */
  onEnded(run: (term: Term) => void): void;
  /** Resolves with a sentence where this process must not go on; never otherwise. */
  failed: Promise<string>;
}

export interface ClusterOptions {
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  /** Null where this process runs alone. */
  transport: Transport | null;
  /** Nobody else can use the store: whatever ran on it before is gone. */
  exclusive: boolean;
  /** False: it owns nothing and follows nothing, and has members read and write the journal for it. */
  takesPart?: boolean;
  /** This machine, unless told otherwise. */
  host?: Host;
}

/** The cluster on MongoDB. */
export async function createCluster({
  connection,
  ...options
}: ClusterOptions & { connection: Connection }): Promise<Cluster> {
  return createClusterOn({
    ...options,
    store: await createMongoClusterStore(connection),
    journalStore: await createMongoJournalStore(connection),
  });
}

export interface ClusterOnStoreOptions extends ClusterOptions {
  store: ClusterStore;
  journalStore: JournalStore;
  limits?: Partial<ClusterLimits>;
  journalLimits?: Partial<JournalLimits>;
}

/** The cluster on any store. */
export function createClusterOn(options: ClusterOnStoreOptions): Cluster {
  const { clock, ids, logger, metrics, transport, exclusive, store, journalStore } = options;
  const limits = { ...clusterLimits, ...options.limits };
  const ownLimits = { ...journalLimits, ...options.journalLimits };
  const meters = createClusterMeters(metrics);
  const materialisers = new Map<string, Materialiser>();
  const alone = transport === null;
  const endedListeners: ((term: Term) => void)[] = [];
  const handlers: Record<string, Handler> = {};

  const member = new Member({
    store,
    journalStore,
    clock,
    ids,
    logger,
    limits,
    meters,
    host: options.host ?? thisHost(),
    exclusive,
    alone,
    journal: {
      limits: ownLimits,
      materialisers,
      meters: createJournalMeters(metrics),
      landed: (entries) => streams.landed(entries),
    },
    opening: async (term) => {
      await rpc?.listen(term);
    },
    ended(term) {
      ownership.forget(term);
      rpc?.dropped(term);
      for (const run of endedListeners) run(term);
    },
  });
  const rpc = transport === null ? null : new Rpc({ transport, clock, logger, limits, meters, handlers });
  const ownership = new Ownership({ store, member, clock, limits, meters, alone });
  const journal = new RoutedJournal({
    member,
    ownership,
    rpc,
    clock,
    limits,
    journalLimits: ownLimits,
    meters,
    materialisers,
    async start() {
      await member.start();
      // Whoever stops in the next moment finds that somebody is there to take its people.
      for (const term of member.livingOthers()) rpc?.tell(term, "joined", {});
    },
    async stop() {
      const others = member.livingOthers();
      await member.stop();
      // Nobody has to wait for their next look at the store, or for an answer that does not come.
      for (const term of others) rpc?.tell(term, "left", {});
      streams.stop();
      await rpc?.stop();
    },
  });
  const streams = new StreamHub({
    member,
    ownership,
    journal,
    rpc,
    clock,
    logger,
    limits,
    meters,
    materialisers,
  });
  const look: Handler = async () => {
    await member.lookAgain();
    return {};
  };
  const { takesPart = true } = options;
  if (!takesPart && rpc === null) throw new Error("who takes no part needs a way to those that do");
  const relayed =
    takesPart || rpc === null
      ? null
      : new RelayedJournal({ store, rpc, term: ids.objectId(), clock, limits });
  Object.assign(handlers, journal.handlers(), streams.handlers(), { joined: look, left: look });

  return {
    journal: relayed ?? journal,
    streams,
    term: () => member.term,
    others: () => member.livingOthers(),
    owns: (meetingId) => ownership.isOwn(meetingId),
    owner: (meetingId) => ownership.find(meetingId),
    call(term, method, args) {
      if (rpc === null) return Promise.reject(new Error("this process runs alone"));
      return rpc.call(term, method, args);
    },
    serve(method, handler) {
      if (handlers[method] !== undefined) throw new Error(`two parts serve ${method} to other processes`);
      handlers[method] = handler;
    },
    onEnded: (run) => void endedListeners.push(run),
    failed: member.failed,
  };
}
