// The named things of one test: clients with the events they saw, databases, collections, sessions, cursors, and saved results.
import mongoose from "mongoose";
import { EventLog } from "./events.ts";
import { FormatError, type ClientDescription, type EntityDescription } from "./format.ts";
import type { MatchScope } from "./matching.ts";

const { AbstractCursor, ClientSession, Collection, Db, MongoClient, ReadPreference } = mongoose.mongo;

type Client = mongoose.mongo.MongoClient;

export class EntityMap implements MatchScope {
  readonly #uri: string;
  readonly #entities = new Map<string, unknown>();
  readonly #events = new Map<string, EventLog>();

  constructor(uri: string) {
    this.#uri = uri;
  }

  create(description: EntityDescription): void {
    if ("client" in description) this.#createClient(description.client);
    else if ("database" in description) {
      const { id, client, databaseName, databaseOptions } = description.database;
      this.set(id, this.client(client).db(databaseName, handleOptions(databaseOptions)));
    } else if ("collection" in description) {
      const { id, database, collectionName, collectionOptions } = description.collection;
      this.set(id, this.database(database).collection(collectionName, handleOptions(collectionOptions)));
    } else {
      const { id, client } = description.session;
      this.set(id, this.client(client).startSession());
    }
  }

  set(id: string, value: unknown): void {
    if (this.#entities.has(id)) throw new FormatError(`the entity ${id} exists already`);
    this.#entities.set(id, value);
  }

  get(id: string): unknown {
    if (!this.#entities.has(id)) throw new FormatError(`there is no entity ${id}`);
    return this.#entities.get(id);
  }

  client(id: string): Client {
    return this.#as(id, MongoClient);
  }

  database(id: string): mongoose.mongo.Db {
    return this.#as(id, Db);
  }

  session(id: string): mongoose.mongo.ClientSession {
    return this.#as(id, ClientSession);
  }

  events(client: string): EventLog {
    const log = this.#events.get(client);
    if (log === undefined) throw new FormatError(`there is no client ${client}`);
    return log;
  }

  lsidOf(session: string): unknown {
    return this.session(session).id;
  }

  valueOf(entity: string): unknown {
    return this.get(entity);
  }

  /** From now on nothing is recorded: what follows is the runner's own doing. */
  stopRecording(): void {
    for (const log of this.#events.values()) log.stop();
  }

  async close(): Promise<void> {
    for (const entity of this.#entities.values()) {
      if (entity instanceof AbstractCursor) await entity.close();
      if (entity instanceof ClientSession) await entity.endSession();
    }
    for (const entity of this.#entities.values()) if (entity instanceof MongoClient) await entity.close();
  }

  #createClient(description: ClientDescription): void {
    const { id, uriOptions, serverApi, observeEvents, ignoreCommandMonitoringEvents } = description;
    const client = new MongoClient(this.#uri, {
      ...uriOptions,
      ...(serverApi === undefined ? {} : { serverApi: serverApi as unknown as mongoose.mongo.ServerApi }),
      monitorCommands: true,
    });
    this.set(id, client);
    this.#events.set(id, new EventLog(client, { observeEvents, ignoreCommandMonitoringEvents }));
  }

  #as<T>(id: string, type: abstract new (...given: never[]) => T): T {
    const entity = this.get(id);
    if (!(entity instanceof type)) throw new FormatError(`the entity ${id} is not a ${type.name}`);
    return entity;
  }
}

export function isCollection(entity: unknown): entity is mongoose.mongo.Collection {
  return entity instanceof Collection;
}

function handleOptions(options: HandleOptions | undefined) {
  const { readPreference, readConcern, writeConcern } = options ?? {};
  return {
    ...(readConcern === undefined
      ? {}
      : { readConcern: readConcern as unknown as mongoose.mongo.ReadConcern }),
    ...(writeConcern === undefined
      ? {}
      : { writeConcern: writeConcern as unknown as mongoose.mongo.WriteConcern }),
    ...(readPreference === undefined ? {} : { readPreference: readPreferenceOf(readPreference) }),
  };
}

interface HandleOptions {
  readConcern?: Record<string, unknown> | undefined;
  readPreference?: Record<string, unknown> | undefined;
  writeConcern?: Record<string, unknown> | undefined;
}

export function readPreferenceOf(given: unknown): mongoose.mongo.ReadPreference {
  const preference = ReadPreference.fromOptions({
    readPreference: given as mongoose.mongo.ReadPreferenceLike,
  });
  if (preference === undefined) throw new FormatError("a read preference needs a mode");
  return preference;
}
