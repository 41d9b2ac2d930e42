// Counters that all processes share, in Redis; loaded only where REDIS_URL is set.
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import { connectRedis, watchAnswers } from "../../platform/redis-client.ts";
import type { CounterStore } from "./rate-counters.ts";

const answerWithinMs = 250;
/** After a failure Redis is left alone for so long, so that requests do not wait for it one by one. */
const restMs = 1_000;
/** A counter outlives its window by this, for processes whose clocks differ. */
const extraMs = 10_000;
const reconnectMaxMs = 5_000;

export interface RedisCounters extends CounterStore {
  close(): void;
}

export async function createRedisCounters(options: {
  url: string;
  clock: Clock;
  logger: Logger;
}): Promise<RedisCounters> {
  const { clock, logger } = options;
  // Rejected at once while there is no connection, instead of being kept for later.
  const client = await connectRedis({ url: options.url, logger, reconnectMaxMs, refusesOffline: true });
  const unwatch = watchAnswers(client, logger);
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
    close() {
      unwatch();
      client.destroy();
    },
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
