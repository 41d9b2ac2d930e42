// Tells the product of every event as WorkOS does: signed, unordered, repeated until it is taken.
import { createHmac } from "node:crypto";
import type { Clock } from "../../../platform/clock.ts";
import type { EventLog, LocalEvent } from "./events.ts";

const answerWithinMs = 10_000;
const retryDelaysMs = [500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000];
const givenUpAfterMs = 3 * 24 * 60 * 60_000;
const atOnce = 4;

export interface WebhookTarget {
  url: string;
  secret: string;
}

export interface WebhookSender {
  /** To be called after events were appended. */
  wake(): void;
  stop(): Promise<void>;
}

/** `workos-signature` as the SDK reads it; the stamp is in milliseconds. */
export function webhookSignature(secret: string, stampMs: number, body: string): string {
  const hex = createHmac("sha256", secret).update(`${stampMs}.${body}`).digest("hex");
  return `t=${stampMs}, v1=${hex}`;
}

export function createWebhookSender(options: {
  log: EventLog;
  clock: Clock;
  target: WebhookTarget;
}): WebhookSender {
  const { log, clock, target } = options;
  const waiting = new Map<string, () => void>();
  const running = new Map<string, Promise<void>>();
  const attempts = new Map<string, number>();
  let stopped = false;

  function next(): void {
    if (stopped) return;
    for (const event of log.undelivered()) {
      if (running.size >= atOnce) return;
      if (running.has(event.id) || waiting.has(event.id)) continue;
      running.set(
        event.id,
        deliver(event).finally(() => {
          running.delete(event.id);
          next();
        }),
      );
    }
  }

  async function deliver(event: LocalEvent): Promise<void> {
    const tooOld = clock.now().getTime() - Date.parse(event.created_at) > givenUpAfterMs;
    if (tooOld || (await send(event))) {
      attempts.delete(event.id);
      // Not written: it is delivered once more after a restart, which a receiver must expect.
      await log.markDelivered(event.id).catch(() => undefined);
      return;
    }
    if (stopped) return;
    const attempt = attempts.get(event.id) ?? 0;
    attempts.set(event.id, attempt + 1);
    const delayMs = retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)] ?? 0;
    waiting.set(
      event.id,
      clock.schedule(delayMs, () => {
        waiting.delete(event.id);
        next();
      }),
    );
  }

  async function send(event: LocalEvent): Promise<boolean> {
    const body = JSON.stringify(event);
    try {
      const response = await fetch(target.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "workos-signature": webhookSignature(target.secret, clock.now().getTime(), body),
        },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(answerWithinMs),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  next();
  return {
    wake: next,
    async stop() {
      stopped = true;
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}
