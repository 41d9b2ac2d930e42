// Counters that all processes share, in Redis; loaded only where REDIS_URL is set.
import type { RedisClientType } from "redis";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { CounterStore } from "./rate-counters.ts";

const answerWithinMs = 250;
/** After a failure Redis is left alone for so long, so that requests do not wait for it one by one. */
const restMs = 1_000;
/** A counter outlives its window by this, for processes whose clocks differ. */
const extraMs = 10_000;

export interface RedisCounters extends CounterStore {
  close(): void;
}

export async function createRedisCounters(options: {
  url: string;
  clock: Clock;
  logger: Logger;
}): Promise<RedisCounters> {
  const { clock, logger } = options;
  const { createClient } = await import("redis");
  const client = createClient({
    url: options.url,
    // Rejected at once while there is no connection, instead of being kept for later.
    disableOfflineQueue: true,
    socket: { connectTimeout: 5_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 5_000) },
  }) as RedisClientType;
  client.on("error", (error: Error) => logger.debug({ error }, "redis connection of the rate limits"));
  await client.connect();
  let restsUntilMs = -Infinity;

  return {
    async add(counts) {
      if (clock.monotonicMs() < restsUntilMs) throw new Error("Redis rests after a failure");
      const commands = client.multi();
      for (const { id, amount, endsAtMs } of counts) {
        const key = `connvo:limit:${id}`;
        commands.incrBy(key, amount).pExpireAt(key, endsAtMs + extraMs);
      }
      try {
        const answers = await within(clock, commands.exec() as Promise<unknown[]>);
        return counts.map((_count, index) => Number(answers[index * 2]));
      } catch (error) {
        restsUntilMs = clock.monotonicMs() + restMs;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

async function within<Value>(clock: Clock, work: Promise<Value>): Promise<Value> {
  // It may still fail after its time.
  work.catch(() => undefined);
  return await new Promise<Value>((resolve, reject) => {
    const cancel = clock.schedule(answerWithinMs, () =>
      reject(new Error(`no answer within ${answerWithinMs} ms`)),
    );
    work.then(resolve, reject).finally(cancel);
  });
}
