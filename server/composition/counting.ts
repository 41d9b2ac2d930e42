// What counts and remembers requests: limits by person, organisation and address, and answers to keys that come again.
import type { Connection } from "mongoose";
import type { Clock } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { FieldCipher } from "../platform/privacy/field-cipher.ts";
import { createIdempotencyStore } from "../transport/http/idempotency.mongo.ts";
import { createIdempotency, type Idempotency } from "../transport/http/idempotency.ts";
import { createRedisCounters } from "../transport/http/rate-counters.redis.ts";
import { createRateLimitStore } from "../transport/http/rate-limits.mongo.ts";
import { createRateLimiter, noRateLimits, type RateLimiter } from "../transport/http/rate-limits.ts";

interface Options {
  config: Config;
  connection: Connection;
  cipher: FieldCipher;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** Without Redis what is frequent is counted in this process; without limits nothing is. */
export async function createCounting(
  options: Options,
): Promise<{ rateLimiter: RateLimiter; idempotency: Idempotency; close(): void }> {
  const { config, connection, cipher, clock, logger, metrics } = options;
  const shared =
    config.redisUrl === null || !config.rateLimits
      ? null
      : await createRedisCounters({ url: config.redisUrl, clock, logger });
  const durable = await createRateLimitStore(connection);
  return {
    rateLimiter: config.rateLimits
      ? createRateLimiter({ durable, shared, clock, logger, metrics })
      : noRateLimits,
    idempotency: createIdempotency({
      store: await createIdempotencyStore(connection, cipher),
      clock,
      logger,
    }),
    close: () => void shared?.close(),
  };
}
