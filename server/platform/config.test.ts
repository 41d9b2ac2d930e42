import { expect, test } from "vitest";
import { readConfig, StartError } from "./config.ts";
import { newKey } from "./privacy/key-ring.ts";

const someKey = newKey("k1");

test("[CONFIG-1] nothing set means local mode on loopback with embedded defaults", () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    mongodbUri: null,
    mail: { smtpUrl: null, dkim: null, bouncesTo: null },
    rateLimits: true,
  });
  expect(config.identity).toEqual({ mode: "local" });
  expect([...config.roles]).toEqual(["api", "realtime", "worker"]);
});

test("[CONFIG-2] an empty variable counts as not set", () => {
  expect(readConfig({ MONGODB_URI: "", PORT: "" })).toMatchObject({ port: 3000, mongodbUri: null });
});

test.each([
  ["PORT", "abc", /^PORT cannot be "abc"/],
  ["PORT", "70000", /^PORT cannot be "70000"/],
  ["ROLES", "api,cook", /^ROLES cannot be "api,cook": it must be a comma list/],
  ["LOG_LEVEL", "loud", /^LOG_LEVEL cannot be "loud"/],
  ["PUBLIC_URL", "javascript:alert(1)", /^PUBLIC_URL cannot be/],
  ["MONGODB_URI", "http://user:hunter2@db", /^MONGODB_URI cannot be what it is set to/],
  [
    "MONGODB_URI",
    "database:27017",
    /^MONGODB_URI cannot be what it is set to: it must be a connection string/,
  ],
  ["PUBLIC_URL", "connvo.example.org", /^PUBLIC_URL cannot be/],
  ["ICE_SERVERS", "http://example.org", /^ICE_SERVERS cannot be/],
  ["ICE_SERVERS", "turn:turn.example.org:3478", /turn:user:password@host:port/],
  ["STREAM_API_KEY", "a key", /^STREAM_API_KEY cannot be what it is set to: it must be the key of an app/],
  ["STREAM_API_KEY", "key", /^STREAM_SECRET must be set too, as video by Stream needs/],
  ["STREAM_SECRET", "hunter2", /^STREAM_SECRET cannot be what it is set to: it must be the secret/],
  ["STREAM_SECRET", "s".repeat(32), /^STREAM_API_KEY must be set too/],
  ["STREAM_BASE_URL", "ftp://video", /^STREAM_BASE_URL cannot be what it is set to: it must be a URL/],
  ["STREAM_BASE_URL", "https://video/?a=b", /^STREAM_BASE_URL cannot be what it is set to/],
  ["STREAM_BASE_URL", "https://video", /^STREAM_API_KEY and STREAM_SECRET must be set too/],
  [
    "TRANSCRIPT_WEBHOOK_SECRETS",
    "hunter2",
    /^TRANSCRIPT_WEBHOOK_SECRETS cannot be what it is set to: it must/,
  ],
  ["TRUSTED_PROXIES", "everybody", /^TRUSTED_PROXIES cannot be "everybody": it must be a comma list of/],
  ["TRUSTED_PROXIES", "loopback,0.0.0.0/0", /^TRUSTED_PROXIES cannot be/],
  ["TRUSTED_PROXIES", "10.0.0.0/33", /^TRUSTED_PROXIES cannot be/],
  ["TRUSTED_PROXIES", "balancer", /^TRUSTED_PROXIES cannot be/],
  [
    "ENCRYPTION_KEYS",
    "k1:hunter2",
    /^ENCRYPTION_KEYS cannot be what it is set to: it must be a comma list of id:key/,
  ],
  [
    "ENCRYPTION_KEYS",
    `${someKey},${someKey}`,
    /^ENCRYPTION_KEYS cannot be what it is set to: it names the key k1 twice/,
  ],
  ["DKIM_DOMAIN", "example.org", /^DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE must be set too/],
  ["MAIL_BOUNCES_TO", "nobody", /^MAIL_BOUNCES_TO cannot be "nobody": it must be an address/],
  ["MAIL_FROM", "nobody", /^MAIL_FROM cannot be "nobody": it must be an address/],
  // What reads them later cannot decode such a password.
  [
    "SMTP_URL",
    "smtp://user:50%off@mail.example.org",
    /^SMTP_URL cannot be what it is set to: it must have .* %25/,
  ],
  ["REDIS_URL", "redis://:50%off@redis", /^REDIS_URL cannot be what it is set to: it must have .* %25/],
  [
    "MONGODB_URI",
    "mongodb://user:50%off@db/connvo",
    /^MONGODB_URI cannot be what it is set to: it must .* %25/,
  ],
  [
    "ICE_SERVERS",
    "turn:user:50%off@turn.example.org",
    /^ICE_SERVERS cannot be what it is set to: it must .* %25/,
  ],
])("[CONFIG-3] a bad %s=%s is refused in one sentence that names it", (name, value, expected) => {
  expect(() => readConfig({ [name]: value })).toThrow(expected);
});

test("[CONFIG-4] a refused secret is not repeated in the message", () => {
  const refuse = () => readConfig({ WORKOS_COOKIE_PASSWORD: "hunter2" });
  expect(refuse).toThrow(/^WORKOS_COOKIE_PASSWORD cannot be what it is set to/);
  expect(refuse).not.toThrow(/hunter2/);
});

test("[CONFIG-5] WorkOS needs all three of its variables, and the missing ones are named", () => {
  expect(() => readConfig({ WORKOS_API_KEY: "sk" })).toThrow(
    /^WORKOS_CLIENT_ID and WORKOS_COOKIE_PASSWORD must be set/,
  );
});

test("[CONFIG-6] local sign-in is refused on an address that others can reach, unless opened on purpose", () => {
  expect(() => readConfig({ HOST: "0.0.0.0" })).toThrow(StartError);
  expect(readConfig({ HOST: "0.0.0.0", LOCAL_SIGN_IN: "open" }).host).toBe("0.0.0.0");
});

test("[CONFIG-7] request limits cannot be switched off outside local mode", () => {
  const workos = { WORKOS_API_KEY: "sk", WORKOS_CLIENT_ID: "client", WORKOS_COOKIE_PASSWORD: "x".repeat(32) };
  expect(() => readConfig({ ...workos, RATE_LIMITS: "off" })).toThrow(/local mode only/);
});

test("[CONFIG-8] roles may be split only where the processes share a database and a bus", () => {
  const shared = { MONGODB_URI: "mongodb://db/connvo", REDIS_URL: "redis://redis" };
  expect(() => readConfig({ ROLES: "worker" })).toThrow(/needs MONGODB_URI and REDIS_URL/);
  expect(() => readConfig({ ...shared, ROLES: "api,worker" })).toThrow(/api and realtime together/);
  expect([...readConfig({ ...shared, ROLES: "worker" }).roles]).toEqual(["worker"]);
});

test("[CONFIG-12] proxies on this machine are trusted, others are named by network or by address", () => {
  expect(readConfig({}).trustedProxies).toEqual(["loopback"]);
  const given = "loopback, uniquelocal, 10.1.0.0/16, 192.0.2.7, fd00::/8, ::1";
  expect(readConfig({ TRUSTED_PROXIES: given }).trustedProxies).toEqual(given.split(", "));
});

test("[CONFIG-13] transcript webhooks are off by default, and may be signed with several secrets", () => {
  expect(readConfig({}).transcriptWebhookSecrets).toEqual([]);
  const [now, before] = ["n".repeat(32), "b".repeat(40)];
  const given = { TRANSCRIPT_WEBHOOK_SECRETS: `${now}, ${before}` };
  expect(readConfig(given).transcriptWebhookSecrets).toEqual([now, before]);
});

test("[RETAIN-1] terms are whole days within their range; 0 keeps emails and prompts for good, and no address", () => {
  expect(readConfig({}).retentionDays).toEqual({
    emails: 730,
    prompts: 365,
    auditOrigins: 90,
    auditEntries: null,
  });
  const { transcript, prompts } = readConfig({ RETENTION_TRANSCRIPT_DAYS: "30" }).retentionOfCalls;
  expect([transcript, prompts]).toEqual([30, 365]);
  const forGood = readConfig({ RETENTION_EMAIL_DAYS: "0", RETENTION_PROMPT_DAYS: "0" }).retentionDays;
  expect(forGood).toMatchObject({ emails: null, prompts: null });
  for (const [name, value] of [
    ["RETENTION_EMAIL_DAYS", "29"],
    ["RETENTION_PROMPT_DAYS", "3651"],
    ["RETENTION_PROMPT_DAYS", "7.5"],
    ["RETENTION_AUDIT_ORIGIN_DAYS", "0"],
    ["RETENTION_AUDIT_DAYS", "364"],
    ["RETENTION_CHAT_DAYS", "6"],
  ] as const)
    expect(() => readConfig({ [name]: value })).toThrow(/whole days/);
});

test("[CONFIG-11] a replica set is named by several hosts with ports", () => {
  const uri = "mongodb://u:p@a:27017,b:27018,c:27019/connvo?replicaSet=rs0";
  expect(readConfig({ MONGODB_URI: uri }).mongodbUri).toBe(uri);
});

test("[CONFIG-14] no model is used by default, and vectors are searched in the process", () => {
  const { ai } = readConfig({});
  expect(ai).toMatchObject({ language: null, embeddings: null, speech: null, vectors: "memory" });
});

test("[CONFIG-14] each kind has its own model, and takes address and key of the others where it has none", () => {
  const { ai } = readConfig({
    OPENAI_API_KEY: "sk-1",
    AI_MODEL: "chat",
    AI_PRICES: "0.15,0.6",
    EMBEDDINGS_MODEL: "vectors",
    SPEECH_MODEL: "ears",
    SPEECH_BASE_URL: "http://127.0.0.1:8000/v1/",
  });
  const baseUrl = "https://api.openai.com/v1";
  expect(ai.language).toEqual({
    baseUrl,
    apiKey: "sk-1",
    model: "chat",
    prices: { input: 0.15, output: 0.6 },
  });
  expect(ai.embeddings).toMatchObject({ baseUrl, apiKey: "sk-1", model: "vectors", dimensions: null });
  // Another server: it is not told the key of the first one.
  expect(ai.speech).toMatchObject({ baseUrl: "http://127.0.0.1:8000/v1", apiKey: null, model: "ears" });
});

test.each([
  [{ AI_MODEL: "chat" }, /^AI_MODEL is set: OPENAI_API_KEY must be too/],
  [{ EMBEDDINGS_API_KEY: "hunter2" }, /^EMBEDDINGS_MODEL must be set too/],
  [{ EMBEDDINGS_DIMENSIONS: "8" }, /^EMBEDDINGS_MODEL must be set too/],
  [{ PINECONE_API_KEY: "hunter2" }, /^PINECONE_API_KEY and PINECONE_INDEX must be set together/],
  [{ VECTOR_PROVIDER: "pinecone" }, /^VECTOR_PROVIDER is pinecone: PINECONE_API_KEY/],
  [{ VECTOR_PROVIDER: "mongodb" }, /^VECTOR_PROVIDER is mongodb: MONGODB_URI/],
  [{ OPENAI_BASE_URL: "ftp://models" }, /^OPENAI_BASE_URL cannot be what it is set to/],
  [{ AI_DAILY_TOKENS: "many" }, /^AI_DAILY_TOKENS cannot be "many": it must be a number/],
  [{ AI_PRICES: "1;2" }, /^AI_PRICES cannot be "1;2": it must be a price, or two/],
])("[CONFIG-14] %j is refused in one sentence", (given, sentence) => {
  const refuse = () => readConfig(given);
  expect(refuse).toThrow(sentence);
  expect(refuse).not.toThrow(/hunter2/);
});

test("[MAIL-24] a key that cannot sign stops the start", () => {
  const given = {
    DKIM_DOMAIN: "example.org",
    DKIM_SELECTOR: "mail",
    DKIM_PRIVATE_KEY_FILE: import.meta.filename,
  };
  expect(() => readConfig(given)).toThrow(/^DKIM_PRIVATE_KEY_FILE cannot be what it is set to/);
});

test("[CONFIG-15] video is by Stream where its key and secret are set, at another address where one is named", () => {
  expect(readConfig({}).stream).toBeNull();
  const keys = { STREAM_API_KEY: "key", STREAM_SECRET: "s".repeat(32) };
  expect(readConfig(keys).stream).toEqual({ apiKey: "key", secret: "s".repeat(32), baseUrl: null });
  const proxied = readConfig({ ...keys, STREAM_BASE_URL: "https://video.example.org/stream/" });
  expect(proxied.stream?.baseUrl).toBe("https://video.example.org/stream");
});
