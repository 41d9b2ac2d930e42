// What a process without the api role answers: that it lives, that it can work, and its metrics.
import type { RequestListener } from "node:http";
import express from "express";
import { notFound } from "../../../shared/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { createErrorHandler } from "./errors.ts";
import { createOperations } from "./operations.ts";

export interface HealthAppOptions {
  metrics: Metrics;
  logger: Logger;
  ready: () => Promise<void>;
}

export function createHealthApp({ metrics, logger, ready }: HealthAppOptions): RequestListener {
  const app = express();
  app.disable("x-powered-by");
  app.use(createOperations({ metrics, ready }));
  app.use(() => {
    throw notFound();
  });
  app.use(createErrorHandler(logger));
  return app;
}
