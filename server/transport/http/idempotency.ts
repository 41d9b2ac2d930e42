// `Idempotency-Key`: a POST that is repeated with the same key runs once and is answered the same.
import { createHash } from "node:crypto";
import { AppError, keyMismatch } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { IdempotencyStore } from "./idempotency.mongo.ts";

const lockMs = 60_000;
const answerMaxChars = 64 * 1024;
/** Kept instead of an answer that is too large: what was done is not done again. */
const tooLarge = "";

export interface Answer {
  status: number;
  body: unknown;
}

export interface Idempotency {
  /**
   * Runs, or answers as the first run with this key did. Only successes are kept: after an error the key may be used
   * again. A duplicate that comes while the first runs waits for it in the same process, else gets CONFLICT with
   * Retry-After. Throws IDEMPOTENCY_MISMATCH where the key was used for another request.
   *
   * A run whose process dies is repeated by the next request with its key, after a minute: what it had already written
   * is then written again, except where the endpoint has a key of its own (`clientKey`).
   */
  once(
    request: { key: string; userId: string; request: unknown },
    run: () => Promise<Answer>,
  ): Promise<Answer>;
}

export function createIdempotency(options: {
  store: IdempotencyStore;
  clock: Clock;
  logger: Logger;
}): Idempotency {
  const { store, clock, logger } = options;
  const running = new Map<string, { requestHash: string; answer: Promise<Answer> }>();

  async function claim(id: string, requestHash: string, userId: string): Promise<Answer | null> {
    const now = clock.now();
    const lockedUntil = new Date(now.getTime() + lockMs);
    const known = await store.claim(id, { requestHash, userId, lockedUntil, now });
    if (known === null) return null;
    if (known.requestHash !== requestHash) throw mismatch();
    if (known.answer?.body === tooLarge) {
      throw new AppError(
        "CONFLICT",
        "The first request with this Idempotency-Key was done; its answer is too large to be given again.",
      );
    }
    if (known.answer !== null) {
      return { status: known.answer.status, body: JSON.parse(known.answer.body) as unknown };
    }
    if (known.lockedUntil <= now && (await store.takeOver(id, known.lockedUntil, lockedUntil))) return null;
    throw new AppError("CONFLICT", "The first request with this Idempotency-Key is still running.", {
      retryable: true,
      retryAfterSeconds: 1,
    });
  }

  async function runOnce(
    { id, requestHash, userId }: { id: string; requestHash: string; userId: string },
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const earlier = await claim(id, requestHash, userId);
    if (earlier !== null) return earlier;
    let answer: Answer;
    try {
      answer = await run();
    } catch (error) {
      await settle(() => store.release(id));
      throw error;
    }
    const body = JSON.stringify(answer.body ?? null);
    const kept = body.length <= answerMaxChars ? body : tooLarge;
    await settle(() => store.finish(id, { status: answer.status, body: kept }));
    return answer;
  }

  // The request itself is decided: trouble with its key must not change the answer.
  async function settle(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      logger.warn({ error: error as Error }, "idempotency key could not be settled");
    }
  }

  return {
    async once({ key, userId, request }, run) {
      const id = sha256(`${userId}\n${key}`);
      const requestHash = sha256(JSON.stringify(request));
      const current = running.get(id);
      if (current !== undefined) {
        if (current.requestHash !== requestHash) throw mismatch();
        return await current.answer;
      }
      const answer = runOnce({ id, requestHash, userId }, run).finally(() => running.delete(id));
      running.set(id, { requestHash, answer });
      return await answer;
    },
  };
}

function mismatch(): AppError {
  return keyMismatch("This Idempotency-Key was used for another request: take a new one.");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
