// Connections to Redis that notice when nothing is answered any more; loaded only where REDIS_URL is set.
import type { RedisClientType } from "redis";
import { StartError } from "./config.ts";
import type { Logger } from "./logger.ts";

const connectTimeoutMs = 5_000;
const askEveryMs = 1_000;
/** Left to TCP, a connection whose other end is gone without a word is given up after a quarter of an hour. */
const silentMs = 4_000;

export interface RedisConnectionOptions {
  url: string;
  logger: Logger;
  /** Between two tries to connect again, at most. */
  reconnectMaxMs: number;
  /** Commands on their way before further ones are refused. */
  queueMaxCommands?: number;
  /** Rejects commands while there is no connection, instead of keeping them for later. */
  refusesOffline?: boolean;
}

/**
 * A connected client, which connects again by itself whenever its connection is lost or nothing has been answered for about
 * four seconds. Throws StartError where Redis does not answer now. Whoever has it ends it by `destroy` or `close`.
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisClientType> {
  const { url, logger, reconnectMaxMs, queueMaxCommands, refusesOffline = false } = options;
  const { createClient } = await import("redis");
  const client = createClient({
    url,
    disableOfflineQueue: refusesOffline,
    ...(queueMaxCommands !== undefined && { commandsQueueMaxLength: queueMaxCommands }),
    pingInterval: askEveryMs,
    socket: {
      connectTimeout: connectTimeoutMs,
      // Begins anew with whatever is written, too, so that it ends only connections that are idle or just made.
      socketTimeout: silentMs,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, reconnectMaxMs),
    },
  }) as RedisClientType;
  client.on("error", (error: Error) => logger.warn({ error }, "redis connection trouble"));
  try {
    await within(connectTimeoutMs, client.connect());
  } catch (error) {
    client.destroy();
    throw new StartError("Redis at REDIS_URL did not answer: check the address and that it runs.", {
      cause: error,
    });
  }
  return client;
}

/** Ends connections to which much is written and from which nothing comes; the answer ends the watch. */
export function watchAnswers(client: RedisClientType, logger: Logger): () => void {
  let askedMs: number | null = null;
  const timer = setInterval(() => {
    if (askedMs !== null) {
      if (performance.now() - askedMs < silentMs || !client.isReady) return;
      logger.warn({}, "redis does not answer, connecting anew");
      askedMs = null;
      client.destroy();
      client.connect().catch((error: unknown) => logger.warn({ error: error as Error }, "redis stays away"));
      return;
    }
    const startedMs = performance.now();
    askedMs = startedMs;
    const answered = () => {
      if (askedMs === startedMs) askedMs = null;
    };
    client.ping().then(answered, answered);
  }, askEveryMs).unref();
  return () => clearInterval(timer);
}

export function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
