// Messages between processes over Redis: a channel for each term.
import type { RedisClientType } from "redis";
import { StartError } from "../config.ts";
import type { Logger } from "../logger.ts";
import type { Transport } from "./rpc.ts";

const connectTimeoutMs = 5_000;
const reconnectMaxMs = 1_000;
/** Commands that may wait for the connection to come back; further ones fail at once. */
const queueMaxCommands = 5_000;

export interface RedisTransport extends Transport {
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Publish and subscribe: what is lost while a connection is down is noticed by whoever waits for an answer. */
export async function createRedisTransport(options: {
  url: string;
  logger: Logger;
}): Promise<RedisTransport> {
  const { url, logger } = options;
  const { createClient } = await import("redis");
  const make = (): RedisClientType =>
    createClient({
      url,
      commandsQueueMaxLength: queueMaxCommands,
      // A call that waited for the connection would arrive after its time is over.
      disableOfflineQueue: true,
      socket: {
        connectTimeout: connectTimeoutMs,
        reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, reconnectMaxMs),
      },
    }) as RedisClientType;
  const writer = make();
  const reader = make();
  for (const client of [writer, reader]) {
    client.on("error", (error: Error) => logger.warn({ error }, "redis connection trouble"));
  }
  try {
    await Promise.all([writer.connect(), reader.connect()]);
  } catch (error) {
    writer.destroy();
    reader.destroy();
    throw new StartError("Redis at REDIS_URL did not answer: check the address and that it runs.", {
      cause: error,
    });
  }

  return {
    async send(to, message) {
      const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
      return writer.publish(channelOf(to), bytes);
    },
    async listen(term, receive) {
      const channel = channelOf(term);
      const listener = (message: Buffer) => receive(message);
      await reader.subscribe(channel, listener, true);
      return async () => {
        await reader.unsubscribe(channel, listener, true).catch(() => undefined);
      };
    },
    async ping() {
      await writer.ping();
    },
    async close() {
      reader.destroy();
      await writer.close();
    },
  };
}

function channelOf(term: string): string {
  return `connvo:node:${term}`;
}
