// The program: environment → listen → compose → ready → drain → stop, each failure in one clear sentence.
import { createServer, type RequestListener } from "node:http";
import { flushCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import { compose } from "./composition.ts";
import { readConfig, StartError, type Config } from "./platform/config.ts";
import { createLogger } from "./platform/logger.ts";
import { asStartFailure } from "./platform/start-failure.ts";
import { answerBrokenRequests, refusingHostless, requestOptions } from "./transport/http/broken-requests.ts";

const drainMs = 10_000;
const hardStopMs = 15_000;

try {
  await run(readConfig(process.env));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function run(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  // The store's words go there too; where nothing can be written any more, that ends nothing.
  process.stderr.on("error", () => undefined);
  // The port is taken before anything is opened, so that a second start fails at once and touches no data.
  let handler: RequestListener = (_request, response) => {
    response
      .writeHead(503, { "content-type": "text/plain", "retry-after": "1" })
      .end("Connvo is starting.\n");
  };
  const server = createServer(
    requestOptions,
    refusingHostless((request, response) => handler(request, response)),
  );
  answerBrokenRequests(server, { logger });
  const port = await listen(server, config);
  const publicUrl =
    config.publicUrl ?? `http://${config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`;

  const localUrl = `http://${reachedAt(config.host)}:${port}`;
  const app = await compose({ config, logger, publicUrl, localUrl }).catch((error: unknown) => {
    server.close();
    throw asStartFailure(error, config);
  });
  handler = app.handler;
  app.realtime?.attach(server);

  let stopping = false;
  const stop = async (reason: string, exitCode: number) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "stopping");
    // Whatever hangs must not keep the process: what is acknowledged is durable already.
    setTimeout(() => {
      logger.error({ reason }, "stopped hard, not everything was closed in time");
      process.exit(1);
    }, hardStopMs).unref();
    server.close();
    await app.stop(drainMs);
    server.closeAllConnections();
    process.exit(exitCode);
  };
  process.on("SIGTERM", () => void stop("SIGTERM", 0));
  process.on("SIGINT", () => void stop("SIGINT", 0));
  void app.failed.then((sentence) => {
    if (stopping) return;
    console.error(`${sentence} Connvo stops, start it again to recover.`);
    void stop("failed", 1);
  });
  console.log(`Connvo is ready at ${publicUrl}`);
  // Kept now where a cache is set: who is killed has no time for it at the end.
  flushCompileCache();
}

function listen(server: ReturnType<typeof createServer>, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartError(describeListenError(error, config))),
    );
    server.listen(config.port, config.host, () => resolve((server.address() as AddressInfo).port));
  });
}

// An address to listen on everywhere is none to go to.
function reachedAt(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

function describeListenError(error: NodeJS.ErrnoException, config: Config): string {
  if (error.code === "EADDRINUSE") {
    return `Port ${config.port} is already in use: stop the program that uses it, or set PORT to another number.`;
  }
  if (error.code === "EACCES") {
    return `Port ${config.port} may not be used without more rights: set PORT to a number above 1023.`;
  }
  return `HOST ${config.host} with port ${config.port} cannot be listened on (${error.code ?? "unknown error"}).`;
}
