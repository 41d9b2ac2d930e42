// The only reader of the environment: every variable with its type, default and a sentence; a bad value stops the start.
import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { aiEnvironment, readAiConfig, type AiConfig } from "./config-ai.ts";
import { readRetentionConfig, retentionEnvironment, type RetentionConfig } from "./config-retention.ts";
import { mailEnvironment, readMailConfig, type MailConfig } from "./config-mail.ts";
import { readStreamConfig, videoEnvironment, type StreamConfig } from "./config-video.ts";
import { parseMongodbUri } from "./mongodb-uri.ts";
import { isPercentEncoded, notPercentEncoded } from "./percent-encoded.ts";
import type { EncryptionKey } from "./privacy/envelope.ts";
import { conflictOf, keyForm, parseKey } from "./privacy/key-ring.ts";
import { isProxyRange } from "./proxy-range.ts";
import type { TracingTarget } from "./tracing-export.ts";

const text = z.string().min(1);
const url = (protocols: string[]) =>
  z
    .url()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL starting with ${protocols.join(" or ")}//`,
    )
    .refine(isPercentEncoded, notPercentEncoded);
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional();
const commaList = (value: string) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const roleNames = ["api", "realtime", "worker"] as const;
export type Role = (typeof roleNames)[number];

const environmentSchema = z.object({
  ...aiEnvironment,
  ...mailEnvironment,
  ...videoEnvironment,
  PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(3000),
  HOST: text.default("127.0.0.1"),
  PUBLIC_URL: optional(url(["http:", "https:"])),
  DATA_DIR: text.default("./data"),
  PDFLATEX: optional(text),
  ROLES: z
    .string()
    .default(roleNames.join(","))
    .transform((value) => value.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(roleNames, { error: `must be a comma list of ${roleNames.join(", ")}` })).min(1)),
  MONGODB_URI: optional(
    z
      .string()
      .refine(
        (value) => parseMongodbUri(value) !== null,
        "must be a connection string, mongodb://host:27017,host:27017/database?replicaSet=name",
      )
      .refine(isPercentEncoded, notPercentEncoded),
  ),
  REDIS_URL: optional(url(["redis:", "rediss:"])),
  WORKOS_API_KEY: optional(text),
  WORKOS_CLIENT_ID: optional(text),
  WORKOS_COOKIE_PASSWORD: optional(z.string().min(32, "must have at least 32 characters")),
  WORKOS_WEBHOOK_SECRET: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(z.array(z.string().min(16, "must be one secret, or two while they are exchanged")).max(2)),
  WORKOS_ISSUERS: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(z.array(url(["https:", "http:"])).max(20)),
  LOCAL_SIGN_IN: z.enum(["loopback", "open"], { error: "must be loopback or open" }).default("loopback"),
  OPERATORS: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(z.array(z.email("must be a comma list of email addresses").toLowerCase()).max(100)),
  ...retentionEnvironment,
  DELETION_GRACE_HOURS: z.coerce
    .number()
    .min(0)
    .max(30 * 24)
    .default(24),
  ENVIRONMENT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be a short name such as production or staging")
    .default("production"),
  ENCRYPTION_KEYS: z
    .string()
    .default("")
    .transform(commaList)
    .transform((parts, context) => {
      const keys = parts.map(parseKey).filter((key) => key !== null);
      const conflict = conflictOf(keys);
      if (keys.length < parts.length)
        context.addIssue({ code: "custom", message: `must be a comma list of ${keyForm}` });
      else if (conflict !== null) context.addIssue({ code: "custom", message: conflict });
      return keys;
    }),
  TRANSCRIPT_WEBHOOK_SECRETS: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(
      z.array(z.string().min(32, "must be a comma list of secrets with at least 32 characters each")).max(5),
    ),
  TRUSTED_PROXIES: z
    .string()
    .default("loopback")
    .transform(commaList)
    .pipe(
      z.array(
        z
          .string()
          .refine(
            isProxyRange,
            "must be a comma list of loopback, uniquelocal, addresses and ranges such as 10.1.0.0/16",
          ),
      ),
    ),
  RATE_LIMITS: z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
  ICE_SERVERS: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(
      z.array(
        z
          .string()
          .regex(
            /^(stun:[^:@\s]+(:\d+)?|turns?:[^:@\s]+:[^:@\s]+@[^@\s]+)$/,
            "must be a comma list of stun:host:port and turn:user:password@host:port",
          )
          .refine(isPercentEncoded, notPercentEncoded),
      ),
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url(["http:", "https:"])),
  OTEL_SERVICE_NAME: text.max(100).default("connvo"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: "must be a share between 0 and 1" })
    .min(0, "must be a share between 0 and 1")
    .max(1, "must be a share between 0 and 1")
    .default(0.1),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], {
      error: "must be debug, info, warn, error or silent",
    })
    .default("info"),
});

export interface Config extends RetentionConfig {
  port: number;
  host: string;
  /** Where people reach the product; without PUBLIC_URL it follows from HOST and the port that was really taken. */
  publicUrl: string | null;
  dataDir: string;
  /** A program, or `off`; null: the first one on the search path. */
  pdflatex: string | null;
  roles: ReadonlySet<Role>;
  mongodbUri: string | null;
  redisUrl: string | null;
  mail: MailConfig;
  identity:
    | { mode: "local" }
    | {
        mode: "workos";
        apiKey: string;
        clientId: string;
        cookiePassword: string;
        /** Any of these may sign webhooks; none: they are refused, and only the events API tells. */
        webhookSecrets: string[];
        /** Further issuers whose tokens count, with and without a slash at the end. */
        issuers: string[];
      };
  rateLimits: boolean;
  /** Email addresses of those who decide for the whole installation, in small letters. */
  operators: ReadonlySet<string>;
  /** Between a person's wish that their account be deleted and its deletion. */
  deletionGraceMs: number;
  /** Feature flags of another environment are others. */
  environment: string;
  /** Whose `X-Forwarded-` headers count: `loopback`, `uniquelocal`, addresses and CIDR ranges. */
  trustedProxies: string[];
  /** The first encrypts personal fields, all decrypt; none: a store on this machine has a key file of its own. */
  encryptionKeys: EncryptionKey[];
  /** Any of these may sign transcript webhooks; none: they are refused. */
  transcriptWebhookSecrets: string[];
  iceServers: string[];
  /** Null: video goes between browsers. */
  stream: StreamConfig | null;
  ai: AiConfig;
  /** Null: nothing is traced. */
  tracing: TracingTarget | null;
  logLevel: z.infer<typeof environmentSchema>["LOG_LEVEL"];
}

/** A start that cannot succeed, said in one sentence for the person at the terminal. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
  }
}

export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable means "not set": compose files pass those.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new StartError(describeProblem(parsed.error, given));
  const env = parsed.data;
  checkRoles(env);
  const identity = readIdentity(env);
  if (identity.mode === "local" && !isLoopback(env.HOST) && env.LOCAL_SIGN_IN !== "open") {
    throw new StartError(
      `HOST is ${env.HOST}, where others could reach the local sign-in that asks for no password: ` +
        "set the WORKOS_ variables, or LOCAL_SIGN_IN=open if you accept this.",
    );
  }
  if (env.RATE_LIMITS === "off" && identity.mode !== "local") {
    throw new StartError("RATE_LIMITS=off is for local mode only: remove it, or the WORKOS_ variables.");
  }
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    dataDir: isAbsolute(env.DATA_DIR) ? env.DATA_DIR : resolve(env.DATA_DIR),
    pdflatex: env.PDFLATEX ?? null,
    roles: new Set(env.ROLES),
    mongodbUri: env.MONGODB_URI ?? null,
    redisUrl: env.REDIS_URL ?? null,
    mail: readMailConfig(env, { refuse: (sentence) => new StartError(sentence) }),
    identity,
    rateLimits: env.RATE_LIMITS === "on",
    operators: new Set(env.OPERATORS),
    deletionGraceMs: env.DELETION_GRACE_HOURS * 60 * 60 * 1000,
    ...readRetentionConfig(env),
    environment: env.ENVIRONMENT,
    trustedProxies: env.TRUSTED_PROXIES,
    encryptionKeys: env.ENCRYPTION_KEYS,
    transcriptWebhookSecrets: env.TRANSCRIPT_WEBHOOK_SECRETS,
    iceServers: env.ICE_SERVERS,
    stream: readStreamConfig(env, { refuse: (sentence) => new StartError(sentence) }),
    ai: readAiConfig(env, { mongodbUri: env.MONGODB_URI, refuse: (sentence) => new StartError(sentence) }),
    tracing:
      env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
            serviceName: env.OTEL_SERVICE_NAME,
            ratio: env.OTEL_TRACES_SAMPLER_ARG,
          },
    logLevel: env.LOG_LEVEL,
  };
}

// One process owns a meeting's write path, and that is the one that holds its sockets.
function checkRoles(env: z.infer<typeof environmentSchema>): void {
  const roles = new Set<Role>(env.ROLES);
  if (roles.has("api") !== roles.has("realtime")) {
    throw new StartError(
      "ROLES must name api and realtime together: this version serves both from one process.",
    );
  }
  if (roles.size < roleNames.length && (env.MONGODB_URI === undefined || env.REDIS_URL === undefined)) {
    throw new StartError(
      "ROLES split over several processes needs MONGODB_URI and REDIS_URL, which they share.",
    );
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function readIdentity(env: z.infer<typeof environmentSchema>): Config["identity"] {
  const given = {
    WORKOS_API_KEY: env.WORKOS_API_KEY,
    WORKOS_CLIENT_ID: env.WORKOS_CLIENT_ID,
    WORKOS_COOKIE_PASSWORD: env.WORKOS_COOKIE_PASSWORD,
  };
  if (Object.values(given).every((value) => value === undefined)) return { mode: "local" };
  const {
    WORKOS_API_KEY: apiKey,
    WORKOS_CLIENT_ID: clientId,
    WORKOS_COOKIE_PASSWORD: cookiePassword,
  } = given;
  if (apiKey === undefined || clientId === undefined || cookiePassword === undefined) {
    const missing = Object.entries(given)
      .filter(([, value]) => value === undefined)
      .map(([name]) => name);
    throw new StartError(`${missing.join(" and ")} must be set too, as sign-in with WorkOS needs all three.`);
  }
  const { WORKOS_WEBHOOK_SECRET: webhookSecrets, WORKOS_ISSUERS: issuers } = env;
  return { mode: "workos", apiKey, clientId, cookiePassword, webhookSecrets, issuers };
}

// Secrets must not be echoed back into a terminal or a log.
function describeProblem(error: z.ZodError, given: Record<string, string | undefined>): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0] ?? "The environment");
  const shown = /KEY|PASSWORD|SECRET|_URI|_URL|ICE_/.test(name)
    ? "what it is set to"
    : `"${given[name] ?? ""}"`;
  return `${name} cannot be ${shown}: it ${issue?.message ?? "is not valid"}.`;
}
