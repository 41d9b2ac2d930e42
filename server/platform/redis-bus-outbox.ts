// Events of this process on their way to the others: kept until Redis has them, sent in their order.
import type { RedisClientType } from "redis";
import type { DomainEventName } from "./event-bus.ts";
import type { Logger } from "./logger.ts";

/** Roughly how many events Redis keeps for a process that was away for a moment. */
const keptEvents = 10_000;
/** Further ones push out the oldest; whoever hears the next one then knows by its number that some are missing. */
const waitingMaxEvents = 10_000;
const batchMaxEvents = 200;
const againMs = 100;
const stopWithinMs = 1_000;

export interface Envelope {
  node: string;
  /** Rises by one with each event of this process, from 1 on. */
  number: number;
  name: DomainEventName;
  event: unknown;
}

export class RedisBusOutbox {
  readonly #options: { client: RedisClientType; stream: string; node: string; logger: Logger };
  readonly #waiting: string[] = [];
  #number = 0;
  #sending: Promise<void> | null = null;
  #stopped = false;
  #failing = false;

  constructor(options: { client: RedisClientType; stream: string; node: string; logger: Logger }) {
    this.#options = options;
  }

  add(name: DomainEventName, event: unknown): void {
    const { node, logger } = this.#options;
    this.#number += 1;
    this.#waiting.push(JSON.stringify({ node, number: this.#number, name, event } satisfies Envelope));
    if (this.#waiting.length > waitingMaxEvents) {
      this.#waiting.shift();
      logger.error({ event: name }, "too many events wait for Redis: the oldest was given up");
    }
    this.#sending ??= this.#sendOn().finally(() => (this.#sending = null));
  }

  /** What waits is sent where that takes no longer than a second. */
  async stop(): Promise<void> {
    const enough = new Promise<void>((resolve) => setTimeout(resolve, stopWithinMs).unref());
    await Promise.race([this.#sending, enough]);
    this.#stopped = true;
    if (this.#waiting.length > 0)
      this.#options.logger.error({ events: this.#waiting.length }, "events not passed on to other processes");
  }

  async #sendOn(): Promise<void> {
    // What is published within one turn travels together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#stopped) {
      const batch = this.#waiting.slice(0, batchMaxEvents);
      const last = batch.at(-1);
      try {
        await this.#send(batch);
      } catch (error) {
        this.#failed(error as Error);
        await new Promise((resolve) => setTimeout(resolve, againMs).unref());
        continue;
      }
      this.#failing = false;
      // Meanwhile some of them may have been given up for newer ones.
      this.#waiting.splice(0, this.#waiting.indexOf(last ?? "") + 1);
    }
  }

  /** All of them or none; where the answer got lost they are sent once more, and ignored by their numbers. */
  async #send(batch: string[]): Promise<void> {
    const { client, stream } = this.#options;
    const transaction = client.multi();
    for (const envelope of batch)
      transaction.xAdd(
        stream,
        "*",
        { envelope },
        { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: keptEvents } },
      );
    await transaction.exec();
  }

  #failed(error: Error): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#options.logger.warn({ error }, "events wait to be passed on to other processes");
  }
}
