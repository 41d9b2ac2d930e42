// The bus between processes: every event is heard here at once and by the other processes through one Redis stream.
import { createMemoryBus, type DomainEventName, type DomainEvents, type EventBus } from "./event-bus.ts";
import type { Logger } from "./logger.ts";
import { RedisBusOutbox, type Envelope } from "./redis-bus-outbox.ts";
import { connectRedis, watchAnswers, within } from "./redis-client.ts";

export const busStream = "connvo:events";
const readBlockMs = 1_000;
/** Without an answer for so long events of other processes may be on their way unheard. */
const silentMs = 2_000;
const pingWithinMs = 5_000;
const readBatch = 500;
const reconnectMaxMs = 1_000;

export interface RedisBus extends EventBus {
  ping(): Promise<void>;
  /**
   * Called about once a second while events of other processes may be missing because Redis does not answer, once more when
   * all of them have been delivered, and where some are missing for good.
   */
  onSilent(run: () => void): void;
  stop(): Promise<void>;
}

/**
 * Delivery between processes: each event once, in its publisher's order. A process that lost its connection reads on from
 * where it was, and sends again what it could not send. `node` is another one with each start.
 */
export async function createRedisBus(options: {
  url: string;
  node: string;
  logger: Logger;
}): Promise<RedisBus> {
  const { url, node, logger } = options;
  const local = createMemoryBus(logger);
  const [writer, reader] = await Promise.all([
    connectRedis({ url, logger, reconnectMaxMs, refusesOffline: true }),
    connectRedis({ url, logger, reconnectMaxMs }),
  ]);
  const unwatch = watchAnswers(writer, logger);
  const outbox = new RedisBusOutbox({ client: writer, stream: busStream, node, logger });

  const newest = await writer.xRevRange(busStream, "+", "-", { COUNT: 1 });
  let position = newest?.[0]?.id ?? "0-0";
  let stopped = false;
  let heardMs = performance.now();
  let silent = false;
  /** The number of the last event heard from each process. */
  const heardOf = new Map<string, number>();
  const onSilent: (() => void)[] = [];
  const tellSilent = () => {
    for (const run of onSilent) run();
  };
  const watching = setInterval(() => {
    if (performance.now() - heardMs < silentMs) return;
    silent = true;
    tellSilent();
  }, 1_000).unref();
  const reading = readOn();

  async function readOn(): Promise<void> {
    while (!stopped) {
      try {
        const answer = await reader.xRead(
          { key: busStream, id: position },
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
        tellSilent();
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
    if (envelope.node === node) return;
    const last = heardOf.get(envelope.node);
    // It was sent again after all, as its publisher did not learn that it had arrived.
    if (last !== undefined && envelope.number <= last) return;
    heardOf.delete(envelope.node);
    heardOf.set(envelope.node, envelope.number);
    if (heardOf.size > rememberedNodes) heardOf.delete(heardOf.keys().next().value ?? "");
    local.publish(envelope.name, envelope.event as DomainEvents[DomainEventName] as never);
    if (last === undefined || envelope.number === last + 1) return;
    logger.error({ events: envelope.number - last - 1 }, "events of another process were missed");
    tellSilent();
  }

  return {
    publish(name, event) {
      local.publish(name, event);
      outbox.add(name, event);
    },
    subscribe: (name, run) => local.subscribe(name, run),
    async ping() {
      await within(pingWithinMs, writer.ping());
    },
    onSilent: (run) => void onSilent.push(run),
    async stop() {
      stopped = true;
      clearInterval(watching);
      unwatch();
      // The reader is inside a blocking read: cutting its connection ends that read.
      reader.destroy();
      await reading;
      await outbox.stop();
      writer.destroy();
    },
  };
}

/** Processes whose last number is kept; the ones heard from last. */
const rememberedNodes = 1_000;

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
