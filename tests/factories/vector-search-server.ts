// A document store with MongoDB's vector search before it, over the wire: index commands and `$vectorSearch` are answered here, as the manual says, and everything else by the store behind.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import mongoose from "mongoose";

const { BSON, MongoClient } = mongoose.mongo;
type Document = Record<string, unknown>;

interface SearchIndex {
  collection: string;
  name: string;
  type: string;
  definition: { fields: { type: string; path: string; numDimensions?: number; similarity?: string }[] };
}

export interface VectorSearchServer {
  uri: string;
  /** Index commands and searches, in their order. */
  received: { name: string; command: Document }[];
  /** Until `settle`, what is written is not seen by searches. */
  delayVisibility(): void;
  settle(): void;
  /** Whether indices that were made are still being built: searches find nothing then. */
  building: boolean;
  close(): Promise<void>;
}

const headerBytes = 16;
const opMsg = 2013;

export async function startVectorSearchServer(storeUri: string): Promise<VectorSearchServer> {
  const behind = await new MongoClient(storeUri).connect();
  const { hostname, port } = new URL(storeUri);
  const indices: SearchIndex[] = [];
  const received: VectorSearchServer["received"] = [];
  const sockets = new Set<Socket>();
  /** Null while writes are seen at once. */
  let seen: Map<string, Document> | null = null;
  let freeze: Promise<void> = Promise.resolve();
  let collectionAsked = { database: "", name: "" };

  async function answer(command: Document): Promise<Document | null> {
    const [name = ""] = Object.keys(command);
    const database = String(command["$db"]);
    const collection = String(command[name]);
    if (name === "createSearchIndexes") return create(command, collection);
    const [stage] = name === "aggregate" ? ((command["pipeline"] ?? []) as Document[]) : [];
    if (stage === undefined) return null;
    if ("$listSearchIndexes" in stage) {
      received.push({ name: "$listSearchIndexes", command });
      const asked = (stage["$listSearchIndexes"] as { name?: string }).name;
      const found = indices
        .filter((index) => index.collection === collection && (asked === undefined || index.name === asked))
        .map(({ name: called, type, definition }) => ({
          id: called,
          name: called,
          type,
          status: server.building ? "BUILDING" : "READY",
          queryable: !server.building,
          latestDefinition: definition,
        }));
      return cursorOf(database, collection, found);
    }
    if (!("$vectorSearch" in stage)) return null;
    received.push({ name: "$vectorSearch", command });
    return await search(database, collection, stage["$vectorSearch"] as Document);
  }

  function create(command: Document, collection: string): Document {
    received.push({ name: "createSearchIndexes", command });
    const asked = command["indexes"] as Omit<SearchIndex, "collection">[];
    for (const { name, type, definition } of asked) {
      const vector = definition.fields.find((field) => field.type === "vector");
      if (type !== "vectorSearch" || vector?.numDimensions === undefined || vector.similarity === undefined)
        return failure(8, "BadValue", "a vector field needs numDimensions and similarity");
      if (indices.some((index) => index.collection === collection && index.name === name))
        return failure(68, "IndexAlreadyExists", `Duplicate Index: ${name}`);
      indices.push({ collection, name, type, definition });
    }
    return { ok: 1, indexesCreated: asked.map(({ name }) => ({ id: name, name })) };
  }

  async function search(database: string, collection: string, asked: Document): Promise<Document> {
    collectionAsked = { database, name: collection };
    const index = indices.find((one) => one.collection === collection && one.name === asked["index"]);
    // As the real one: a search over an index that is not there, or not built, finds nothing.
    if (index === undefined || server.building) return cursorOf(database, collection, []);
    const vectorField = index.definition.fields.find(({ type }) => type === "vector");
    const question = asked["queryVector"] as number[];
    const [limit, candidates] = [Number(asked["limit"]), Number(asked["numCandidates"])];
    const { path, numDimensions } = vectorField ?? {};
    if (asked["path"] !== path || question.length !== numDimensions)
      return failure(8, "UnknownError", `vector field is indexed with ${numDimensions} dimensions`);
    if (!(limit > 0 && limit <= candidates && candidates <= 10_000))
      return failure(2, "BadValue", "numCandidates must lie between limit and 10000");
    const filter = (asked["filter"] ?? {}) as Document;
    const filterable = new Set(
      index.definition.fields.filter(({ type }) => type === "filter").map(({ path }) => path),
    );
    const unknown = pathsOf(filter).find((path) => !filterable.has(path));
    if (unknown !== undefined)
      return failure(8, "UnknownError", `Path '${unknown}' needs to be indexed as filter`);
    await freeze;
    const fitting = await behind.db(database).collection(collection).find(filter).toArray();
    const found = fitting
      .map((document) => (seen === null ? document : seen.get(String(document._id))))
      .flatMap((document) => {
        const vector = (document as Document | undefined)?.["vector"];
        if (!(vector instanceof mongoose.mongo.Binary)) return [];
        return [
          { document: document as Document, score: (1 + cosine(vector.toFloat32Array(), question)) / 2 },
        ];
      })
      .sort((one, other) => other.score - one.score)
      .slice(0, limit);
    return cursorOf(
      database,
      collection,
      found.map(({ document, score }) => ({ _id: document["_id"], metadata: document["metadata"], score })),
    );
  }

  const listener = createServer((client) => {
    const store = connect(Number(port), hostname);
    for (const socket of [client, store]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        (socket === client ? store : client).destroy();
      });
    }
    store.on("data", (bytes) => client.write(bytes));
    let pending = Buffer.alloc(0);
    // One after the other: the driver waits for each answer on its connection.
    let line = Promise.resolve();
    client.on("data", (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= headerBytes && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        line = line.then(async () => {
          const command = commandIn(message);
          const reply = command === null ? null : await answer(command);
          if (reply === null) store.write(message);
          else client.write(messageOf(reply, message.readInt32LE(4)));
        });
      }
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const uri = new URL(storeUri);
  uri.port = String((listener.address() as AddressInfo).port);

  const server: VectorSearchServer = {
    uri: uri.toString(),
    received,
    building: false,
    delayVisibility() {
      const { database, name } = collectionAsked;
      const documents = behind
        .db(database === "" ? "test" : database)
        .collection(name === "" ? "embeddings" : name);
      freeze = documents
        .find()
        .toArray()
        .then((all) => void (seen = new Map(all.map((one) => [String(one._id), one as Document]))));
    },
    settle: () => void (seen = null),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      await behind.close();
    },
  };
  return server;
}

/** The command of a message; null where it is none that is answered here. */
function commandIn(message: Buffer): Document | null {
  const body = headerBytes + 4;
  if (message.readInt32LE(12) !== opMsg || message[body] !== 0) return null;
  const size = message.readInt32LE(body + 1);
  return BSON.deserialize(message.subarray(body + 1, body + 1 + size));
}

function messageOf(reply: Document, responseTo: number): Buffer {
  const document = BSON.serialize(reply);
  const header = Buffer.alloc(headerBytes + 5);
  header.writeInt32LE(header.length + document.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opMsg, 12);
  return Buffer.concat([header, document]);
}

function cursorOf(database: string, collection: string, firstBatch: Document[]): Document {
  return { ok: 1, cursor: { id: BSON.Long.ZERO, ns: `${database}.${collection}`, firstBatch } };
}

function failure(code: number, codeName: string, errmsg: string): Document {
  return { ok: 0, code, codeName, errmsg };
}

function pathsOf(filter: Document): string[] {
  return Object.entries(filter).flatMap(([key, value]) =>
    key === "$and" || key === "$or" ? (value as Document[]).flatMap(pathsOf) : [key],
  );
}

function cosine(one: Float32Array, other: readonly number[]): number {
  const dot = one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
  return dot / (Math.hypot(...one) * Math.hypot(...other));
}
