// Webhooks: which secret each endpoint is signed with, and bodies that are given on only after their signature is checked.
import express, { type Request, type Response } from "express";
import { AppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { assertTimestampedSignature } from "../../platform/webhook-signature.ts";

const toleranceMs = 5 * 60_000;

export interface WebhookRule {
  /** Any of these may have signed; none: the endpoint is switched off. */
  secrets: readonly string[];
  /** The setting that switches it on. */
  setting: string;
  /**
   * How this vendor signs and what it sends, where it is not as by default: throws UNAUTHENTICATED or MALFORMED_REQUEST,
   * and answers what the endpoint's schema takes.
   */
  open?: (
    body: Buffer,
    header: string | undefined,
    headerOf: (name: string) => string | undefined,
  ) => Promise<unknown>;
}

export interface Webhooks {
  /**
   * The JSON body of a request that one of the endpoint's secrets has signed. A gzip body is signed, and bounded by
   * `limits.httpBodyMaxBytes`, as what it unpacks to. Throws FORBIDDEN while the endpoint is switched off,
   * UNAUTHENTICATED, PAYLOAD_TOO_LARGE, MALFORMED_REQUEST.
   */
  signedBody(endpoint: string, header: string, request: Request, response: Response): Promise<unknown>;
  /** Runs one delivery and counts it by its outcome. */
  counted(endpoint: string, deliver: () => Promise<void>): Promise<void>;
}

export function createWebhooks(options: {
  /** By name of the endpoint. */
  rules: Readonly<Record<string, WebhookRule>>;
  clock: Clock;
  metrics: Metrics;
}): Webhooks {
  const { rules, clock, metrics } = options;
  const deliveries = metrics.counter(
    "webhook_deliveries_total",
    "Webhooks by outcome: accepted, or the code of the refusal",
    ["webhook", "outcome"],
  );

  return {
    async signedBody(endpoint, header, request, response) {
      const rule = rules[endpoint];
      if (rule === undefined) throw new Error(`The webhook ${endpoint} has no rule.`);
      if (rule.secrets.length === 0) {
        throw new AppError(
          "FORBIDDEN",
          `This webhook is switched off: whoever runs this server can switch it on by ${rule.setting}.`,
        );
      }
      const body = await readBytes(request, response);
      if (rule.open !== undefined)
        return await rule.open(body, request.get(header), (name) => request.get(name));
      assertTimestampedSignature({
        header: request.get(header),
        body,
        secrets: rule.secrets,
        nowMs: clock.now().getTime(),
        toleranceMs,
        unitMs: 1_000,
      });
      if (request.is("application/json") === false) {
        throw new AppError("MALFORMED_REQUEST", "Send a JSON body with content-type application/json.");
      }
      return parseJson(body);
    },

    async counted(webhook, deliver) {
      let outcome = "INTERNAL";
      try {
        await deliver();
        outcome = "accepted";
      } catch (error) {
        if (error instanceof AppError) outcome = error.code;
        throw error;
      } finally {
        deliveries.inc({ webhook, outcome });
      }
    },
  };
}

const raw = express.raw({ type: () => true, limit: limits.httpBodyMaxBytes });

async function readBytes(request: Request, response: Response): Promise<Buffer> {
  await new Promise<void>((resolve, reject) =>
    raw(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error))),
  );
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new AppError("MALFORMED_REQUEST", "The body is not valid JSON in UTF-8.", { cause: error });
  }
}
