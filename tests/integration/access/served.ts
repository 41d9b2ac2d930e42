// What the server's code really serves, read from the assembled application and from the sources: no table is asked.
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createHttpApp, type HttpAppOptions } from "../../../server/transport/http/app.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { silentLogger } from "../../../server/platform/logger.ts";
import { createMetrics } from "../../../server/platform/metrics.ts";
import { noRateLimits } from "../../../server/transport/http/rate-limits.ts";

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
  match(path: string): boolean;
}

const mounts = [
  "/local-sign-in",
  "/assets",
  "/api",
  "/auth",
  "/webhooks",
  "/socket.io",
  "/notes",
  "/graphql",
];
/** Guards before a route that has a row of its own. */
const guards = ["/auth/callback"];

/** `METHOD /path` of each route, and `</path>` of whatever is mounted. Throws where something is mounted elsewhere. */
export function servedRoutes(): Promise<string[]> {
  const app = createHttpApp(anyOptions()) as unknown as { router: { stack: Layer[] } };
  return Promise.resolve([...new Set(app.router.stack.flatMap(routesOf))]);
}

function routesOf(layer: Layer): string[] {
  const { route, handle } = layer;
  if (route !== undefined)
    return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
  if (handle.stack !== undefined) return handle.stack.flatMap(routesOf);
  // What meets every request answers none of its own.
  if (layer.match("/") && layer.match("/nobody/mounts/this")) return [];
  if (guards.some((path) => layer.match(path) && !layer.match(`${path}x`))) return [];
  const found = mounts.filter((path) => layer.match(`${path}/x`));
  if (found.length === 0) throw new Error("Something is mounted at a path that is not listed in served.ts.");
  return found.map((path) => `<${path}>`);
}

/** Only assembled, never asked. */
function anyOptions(): HttpAppOptions {
  const part: object = new Proxy(() => undefined, { get: () => part, apply: () => part });
  // Areas of which a part is asked for while handlers are made; the others are not looked at.
  const services: object = new Proxy(
    { career: part },
    { get: (areas, name) => Reflect.get(areas, name) ?? part },
  );
  return {
    ...(part as HttpAppOptions),
    services: services as HttpAppOptions["services"],
    identity: { ...(part as HttpAppOptions["identity"]), pages: () => undefined },
    idempotency: part as HttpAppOptions["idempotency"],
    rateLimiter: noRateLimits,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
    publicUrl: () => "http://localhost",
    clientDir: import.meta.dirname,
    trustedProxies: [],
    transcriptWebhookSecrets: [],
    workosWebhookSecrets: [],
    mailWebhookSecrets: [],
    streamWebhook: null,
    status: { signIn: "local", store: "embedded", mail: "outbox", video: "peer-to-peer", language: "rules" },
    ready: () => Promise.resolve(),
  };
}

/** The files that take connections over from HTTP. */
export async function upgradesServed(): Promise<string[]> {
  const root = join(import.meta.dirname, "..", "..", "..");
  const found: string[] = [];
  for await (const file of glob("{server,realtime}/**/*.ts", { cwd: root })) {
    if (file.endsWith(".test.ts") || file.includes("/testing/")) continue;
    const text = await readFile(join(root, file), "utf8");
    if (/\.on\(\s*"upgrade"|new WebSocketServer\(|new Server\(/.test(text))
      found.push(file.replaceAll("\\", "/"));
  }
  return found.sort();
}
