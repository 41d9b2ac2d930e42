// Messages between processes over Redis: a channel for each term.
import type { Logger } from "../logger.ts";
import { connectRedis, watchAnswers } from "../redis-client.ts";
import type { Transport } from "./rpc.ts";

const reconnectMaxMs = 1_000;
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
  const connect = () =>
    // A call that waited for the connection would arrive after its time is over.
    connectRedis({ url, logger, reconnectMaxMs, queueMaxCommands, refusesOffline: true });
  const [writer, reader] = await Promise.all([connect(), connect()]);
  const unwatch = watchAnswers(writer, logger);

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
      unwatch();
      reader.destroy();
      await writer.close();
    },
  };
}

function channelOf(term: string): string {
  return `connvo:node:${term}`;
}
