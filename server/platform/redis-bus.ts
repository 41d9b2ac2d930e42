// The bus between processes: every event is heard here at once and by the other processes through one Redis stream.
import type { RedisClientType } from "redis";
import { StartError } from "./config.ts";
import { createMemoryBus, type DomainEventName, type DomainEvents, type EventBus } from "./event-bus.ts";
import type { Logger } from "./logger.ts";

const stream = "connvo:events";
/** Roughly how many events Redis keeps for a process that was away for a moment. */
const keptEvents = 10_000;
const readBlockMs = 1_000;
/** Without an answer for so long events of other processes may be on their way unheard. */
const silentMs = 2_000;
const connectTimeoutMs = 5_000;
const readBatch = 500;

export interface RedisBus extends EventBus {
  ping(): Promise<void>;
  /**
   * Called about once a second while events of other processes may be missing because Redis does not answer, and once
   * more when all of them have been delivered.
   */
  onSilent(run: () => void): void;
  stop(): Promise<void>;
}

interface Envelope {
  node: string;
  name: DomainEventName;
  event: unknown;
}

/**
 * Delivery between processes is at least once and in the stream's order. A process that lost its connection reads on
 * from where it was. Loaded only where REDIS_URL is set.
 */
export async function createRedisBus(options: {
  url: string;
  node: string;
  logger: Logger;
}): Promise<RedisBus> {
  const { node, logger } = options;
  const local = createMemoryBus(logger);
  const { createClient } = await import("redis");
  const make = (): RedisClientType =>
    createClient({
      url: options.url,
      socket: {
        connectTimeout: connectTimeoutMs,
        reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 5_000),
      },
    }) as RedisClientType;
  const writer = make();
  const reader = make();
  for (const client of [writer, reader]) {
    client.on("error", (error: Error) => logger.warn({ error }, "redis connection trouble"));
  }
  try {
    await within(connectTimeoutMs, Promise.all([writer.connect(), reader.connect()]));
  } catch (error) {
    writer.destroy();
    reader.destroy();
    throw new StartError("Redis at REDIS_URL did not answer: check the address and that it runs.", {
      cause: error,
    });
  }

  const newest = await writer.xRevRange(stream, "+", "-", { COUNT: 1 });
  let position = newest?.[0]?.id ?? "0-0";
  let stopped = false;
  let heardMs = performance.now();
  let silent = false;
  const onSilent: (() => void)[] = [];
  const watching = setInterval(() => {
    if (performance.now() - heardMs < silentMs) return;
    silent = true;
    for (const run of onSilent) run();
  }, 1_000).unref();
  const reading = readOn();

  async function readOn(): Promise<void> {
    while (!stopped) {
      try {
        const answer = await reader.xRead(
          { key: stream, id: position },
          { BLOCK: readBlockMs, COUNT: readBatch },
        );
        const entries = entriesOf(answer);
        for (const { id, message } of entries) {
          position = id;
          deliver(message["envelope"]);
        }
        heardMs = performance.now();
        if (!silent || entries.length === readBatch) continue;
        silent = false;
        for (const run of onSilent) run();
      } catch (error) {
        if (stopped) return;
        logger.warn({ error: error as Error }, "reading from the bus failed, trying again");
        await new Promise((resolve) => setTimeout(resolve, 500).unref());
      }
    }
  }

  function deliver(text: string | undefined): void {
    if (text === undefined) return;
    const envelope = JSON.parse(text, reviveDate) as Envelope;
    if (envelope.node !== node)
      local.publish(envelope.name, envelope.event as DomainEvents[DomainEventName] as never);
  }

  return {
    publish(name, event) {
      local.publish(name, event);
      const envelope: Envelope = { node, name, event };
      writer
        .xAdd(
          stream,
          "*",
          { envelope: JSON.stringify(envelope) },
          { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: keptEvents } },
        )
        .catch((error: unknown) =>
          logger.error({ event: name, error: error as Error }, "event not passed on to other processes"),
        );
    },
    subscribe: (name, run) => local.subscribe(name, run),
    async ping() {
      await within(connectTimeoutMs, writer.ping());
    },
    onSilent: (run) => void onSilent.push(run),
    async stop() {
      stopped = true;
      clearInterval(watching);
      // The reader is inside a blocking read: cutting its connection ends that read.
      reader.destroy();
      await reading;
      await writer.close();
    },
  };
}

interface StreamEntry {
  id: string;
  message: Record<string, string>;
}

function entriesOf(answer: unknown): StreamEntry[] {
  return ((answer as { messages: StreamEntry[] }[] | null) ?? []).flatMap((one) => one.messages);
}

// `at` is the one Date among the events' fields.
function reviveDate(key: string, value: unknown): unknown {
  return key === "at" && typeof value === "string" ? new Date(value) : value;
}

async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
