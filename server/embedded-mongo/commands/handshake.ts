// Greeting, signing in and the questions drivers ask about the server.
import { getField } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import { maxDocumentBytes } from "../bson/validate.ts";
import type { Value } from "../bson/value.ts";
import { binaryValue, readBinary, readString } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import { maxMessageBytes } from "../wire/messages.ts";
import { ScramConversation, authenticationFailed } from "../wire/scram.ts";
import type { CommandContext, Reply, SessionCommand, SessionEngine } from "./context.ts";

/** MongoDB 7.0's. A higher one would promise commands that are not here. */
const wireVersion = 21;
export const serverVersion = "7.0.0";

export const hello: SessionCommand = {
  open: true,
  fields: [
    "client",
    "compression",
    "helloOk",
    "saslSupportedMechs",
    "speculativeAuthenticate",
    "loadBalanced",
    "hostInfo",
    "topologyVersion",
    "maxAwaitTimeMS",
    "backpressure",
  ],
  run(context) {
    const { request, engine } = context;
    const reply: Reply = {
      helloOk: true,
      ...(request.name === "hello" ? { isWritablePrimary: true } : { ismaster: true }),
      maxBsonObjectSize: maxDocumentBytes,
      maxMessageSizeBytes: maxMessageBytes,
      maxWriteBatchSize: 100_000,
      localTime: new Date(engine.nowMs()),
      logicalSessionTimeoutMinutes: 30,
      connectionId: engine.session.connectionId,
      minWireVersion: 0,
      maxWireVersion: wireVersion,
      readOnly: false,
    };
    const asked = request.fields.get("saslSupportedMechs");
    if (asked !== undefined) reply["saslSupportedMechs"] = ["SCRAM-SHA-256"];
    const speculative = request.fields.get("speculativeAuthenticate");
    if (speculative !== undefined && speculative.type === bsonType.object) {
      const started = speculate(context, speculative);
      if (started !== null) reply["speculativeAuthenticate"] = started;
    }
    return reply;
  },
};

/** A failed guess is simply not answered; the driver then signs in step by step. */
function speculate(context: CommandContext<SessionEngine>, given: Value): Reply | null {
  try {
    return startConversation(context, (name) => getField(given, name));
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

function startConversation(
  context: CommandContext<SessionEngine>,
  field: (name: string) => Value | undefined,
): Reply {
  const { session, credentials } = context.engine;
  const mechanism = field("mechanism");
  const payload = field("payload");
  if (
    mechanism === undefined ||
    mechanism.type !== bsonType.string ||
    readString(mechanism) !== "SCRAM-SHA-256"
  )
    throw new StoreError(334, "only the mechanism SCRAM-SHA-256 is supported");
  const options = field("options");
  const skips =
    options !== undefined &&
    options.type === bsonType.object &&
    isTruthy(getField(options, "skipEmptyExchange"));
  const scram = new ScramConversation(credentials, payloadText(payload));
  session.conversation = { id: 1, scram, proven: false, skipsEmptyExchange: skips };
  return { conversationId: 1, done: false, payload: binaryValue(Buffer.from(scram.serverFirst)) };
}

function payloadText(payload: Value | undefined): string {
  if (payload === undefined || payload.type !== bsonType.binary) throw authenticationFailed();
  return readBinary(payload).bytes.toString("utf8");
}

export const saslStart: SessionCommand = {
  open: true,
  fields: ["mechanism", "payload", "options", "autoAuthorize"],
  run(context) {
    context.engine.session.conversation = null;
    return startConversation(context, (name) => context.request.fields.get(name));
  },
};

export const saslContinue: SessionCommand = {
  open: true,
  fields: ["conversationId", "payload"],
  run({ request, engine: { session } }) {
    const { conversation } = session;
    const id = request.fields.get("conversationId");
    if (conversation === null || id === undefined || !isNumeric(id.type) || toNumber(id) !== conversation.id)
      throw authenticationFailed();
    if (conversation.proven) {
      session.conversation = null;
      session.authenticated = true;
      return { conversationId: conversation.id, done: true, payload: binaryValue(Buffer.alloc(0)) };
    }
    try {
      const answer = conversation.scram.proceed(payloadText(request.fields.get("payload")));
      conversation.proven = true;
      const done = conversation.skipsEmptyExchange;
      if (done) {
        session.conversation = null;
        session.authenticated = true;
      }
      return { conversationId: conversation.id, done, payload: binaryValue(Buffer.from(answer)) };
    } catch (error) {
      session.conversation = null;
      throw error;
    }
  },
};

export const ping: SessionCommand = { open: true, fields: [], run: () => ({}) };

export const buildInfo: SessionCommand = {
  open: true,
  fields: [],
  run: () => ({
    version: serverVersion,
    gitVersion: "embedded",
    versionArray: [7, 0, 0, 0],
    modules: ["embedded"],
    bits: 64,
    debug: false,
    maxBsonObjectSize: maxDocumentBytes,
    storageEngines: ["sqlite"],
  }),
};

export const connectionStatus: SessionCommand = {
  fields: ["showPrivileges"],
  run: ({ engine: { session, credentials } }) => ({
    authInfo: {
      authenticatedUsers: session.authenticated ? [{ user: credentials.user, db: "admin" }] : [],
      authenticatedUserRoles: session.authenticated ? [{ role: "root", db: "admin" }] : [],
    },
  }),
};

/** Answered, with nothing to do. */
export const trivial = (field: string): SessionCommand => ({ fields: [field], run: () => ({}) });
