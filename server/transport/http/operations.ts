// For those who run the product: alive, ready, and its figures.
import express, { type Request, type Router } from "express";
import { isLoopback } from "../../platform/config.ts";
import { notFound } from "../../../shared/errors.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { setRoute } from "./request-log.ts";

const readyWithinMs = 2_000;

export function createOperations(options: { metrics: Metrics; ready: () => Promise<void> }): Router {
  const { metrics, ready } = options;
  const router = express.Router();

  router.get("/healthz", (_request, response) => {
    setRoute(response, "/healthz");
    response.setHeader("cache-control", "no-store").json({ status: "alive" });
  });

  router.get("/readyz", async (_request, response) => {
    setRoute(response, "/readyz");
    const isReady = await within(readyWithinMs, ready());
    response
      .status(isReady ? 200 : 503)
      .setHeader("cache-control", "no-store")
      .json({ status: isReady ? "ready" : "unavailable" });
  });

  // For a collector on this machine: who comes from elsewhere, or through a proxy, finds nothing here.
  router.get("/metrics", async (request, response) => {
    setRoute(response, "/metrics");
    if (!isDirectAndLocal(request)) throw notFound();
    response.setHeader("content-type", metrics.registry.contentType).end(await metrics.registry.metrics());
  });
  return router;
}

function isDirectAndLocal(request: Request): boolean {
  const peer = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const forwarded = request.get("x-forwarded-for") ?? request.get("forwarded") ?? request.get("via");
  return isLoopback(peer) && forwarded === undefined;
}

async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
