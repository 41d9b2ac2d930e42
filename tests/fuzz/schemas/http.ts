// Generated requests: every operation of the OpenAPI document by its schemas, and the wire below them.
import { request, type Agent } from "node:http";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { jpegSample, pngOf, webpSample } from "../../../server/platform/uploads/testing-pictures.ts";
import { fitting, unfitting, type JsonSchema, type KnownValues } from "./arbitrary.ts";
import { decoded, encodeJson, hostileSegment } from "./hostile.ts";
import { inTime, type HttpAnswer } from "./judge.ts";

export interface Operation {
  name: string;
  method: string;
  /** With `{names}`. */
  path: string;
  params: Record<string, JsonSchema>;
  query: Record<string, JsonSchema>;
  body: JsonSchema | null;
  /** Its body is a file. */
  takesFile: boolean;
}

export interface GeneratedRequest {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

interface Parameter {
  name: string;
  in: string;
  schema: JsonSchema;
}

/** Every operation of an OpenAPI document of ours. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as { paths: Record<string, Record<string, Record<string, unknown>>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const parameters = (operation["parameters"] ?? []) as Parameter[];
      const placed = (place: string) =>
        Object.fromEntries(
          parameters.filter((one) => one.in === place).map(({ name, schema }) => [name, schema]),
        );
      const content = (
        operation["requestBody"] as { content: Record<string, { schema: JsonSchema }> } | undefined
      )?.content;
      return {
        name: String(operation["operationId"]),
        method: method.toUpperCase(),
        path,
        params: placed("path"),
        query: placed("query"),
        body: content?.["application/json"]?.schema ?? null,
        takesFile: content?.["application/octet-stream"] !== undefined,
      };
    }),
  );
}

/** Requests of one operation: mostly what fits or all but fits, sometimes broken below that. */
export function requestsOf(operation: Operation, known: KnownValues): fc.Arbitrary<GeneratedRequest> {
  const { method, path, params, query, body, takesFile } = operation;
  const target = fc
    .tuple(segmentsOf(params, known), queryOf(query, known))
    .map(
      ([segments, search]) =>
        path.replace(/\{(\w+)\}/g, (_all, name: string) => segments[name] ?? "") + search,
    );
  const sent = takesFile ? fileBody : body === null ? noBody : bodyOf(body, known);
  return fc.tuple(target, sent, oddHeaders).map(([address, { headers, bytes }, odd]) => ({
    method,
    target: address,
    headers: { ...headers, ...odd },
    body: bytes,
  }));
}

function segmentsOf(
  params: Record<string, JsonSchema>,
  known: KnownValues,
): fc.Arbitrary<Record<string, string>> {
  const one = ([name, schema]: [string, JsonSchema]) =>
    [
      name,
      fc.oneof(
        { weight: 9, arbitrary: fitting(schema, known).map((value) => encoded(value)) },
        { weight: 1, arbitrary: hostileSegment },
      ),
    ] as const;
  return fc.record(Object.fromEntries(Object.entries(params).map(one)));
}

function queryOf(query: Record<string, JsonSchema>, known: KnownValues): fc.Arbitrary<string> {
  const names = Object.keys(query);
  const value = (name: string) =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: fitting(query[name] ?? {}, known).map((one) => encoded(one)),
      },
      {
        weight: 2,
        arbitrary: unfitting(query[name] ?? {}, known).map((one) => encoded(one)),
      },
      { weight: 1, arbitrary: hostileSegment },
    );
  const field =
    names.length === 0
      ? fc.constant("")
      : fc
          .constantFrom(...names)
          .chain((name) =>
            fc
              .tuple(value(name), fc.constantFrom("=", "=", "=", "=", "[]=", "[$gt]=", "[0]=", ".x="))
              .map(([text, sign]) => `${name}${sign}${text}`),
          );
  const stray = fc.constantFrom(
    "__proto__[polluted]=1",
    "constructor=1",
    "a&b&&=&==",
    "limit=1&limit=2",
    "%00=%00",
  );
  return fc
    .array(fc.oneof({ weight: 6, arbitrary: field }, { weight: 1, arbitrary: stray }), { maxLength: 3 })
    .map((parts) => (parts.length === 0 ? "" : `?${parts.filter((part) => part !== "").join("&")}`));
}

function textOf(value: unknown): string {
  const read = decoded(value);
  const text = typeof read === "string" ? read : encodeJson(value);
  return text.slice(0, 4_000);
}

/** Half a character cannot stand in an address. */
const encoded = (value: unknown): string => encodeURIComponent(textOf(value).toWellFormed());

interface SentBody {
  headers: Record<string, string>;
  bytes: Buffer | null;
}

const json = { "content-type": "application/json" };
const noBody: fc.Arbitrary<SentBody> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<SentBody>({ headers: {}, bytes: null }) },
  { weight: 1, arbitrary: fc.constant<SentBody>({ headers: json, bytes: Buffer.from("{") }) },
);
const files = [jpegSample, webpSample, pngOf(9, 9), Buffer.from("%PDF-1.4 %%EOF"), Buffer.from("words")];
/** Files, whole, cut and damaged, as what they are and as something else. */
const fileBody: fc.Arbitrary<SentBody> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...files),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    ),
    fc.array(fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.nat({ max: 3 }),
    fc.constantFrom(
      "application/octet-stream",
      "image/png",
      "image/jpeg",
      "text/html",
      "x",
      "multipart/form-data",
    ),
  )
  .map(([file, changes, cut, type]) => {
    const bytes = Buffer.from(file.subarray(0, cut === 0 ? file.length >> 1 : file.length));
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return { headers: { "content-type": type }, bytes };
  });
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "["));

function bodyOf(schema: JsonSchema, known: KnownValues): fc.Arbitrary<SentBody> {
  const good = fitting(schema, known).map((value) => Buffer.from(encodeJson(value)));
  return fc.oneof(
    { weight: 5, arbitrary: good.map((bytes) => ({ headers: json, bytes })) },
    {
      weight: 8,
      arbitrary: unfitting(schema, known).map((value) => ({
        headers: json,
        bytes: Buffer.from(encodeJson(value)),
      })),
    },
    { weight: 2, arbitrary: good.chain(damagedBody) },
  );
}

/** A body that fits, wrapped or cut in a way that a parser must survive. */
export function damagedBody(good: Buffer): fc.Arbitrary<SentBody> {
  const as = (type: string, bytes: Buffer = good): SentBody => ({ headers: { "content-type": type }, bytes });
  const packed = (encoding: string, bytes: Buffer): SentBody => ({
    headers: { ...json, "content-encoding": encoding },
    bytes,
  });
  const cut = fc
    .nat({ max: Math.max(0, good.length - 1) })
    .map((length) => as("application/json", good.subarray(0, length)));
  const flipped = fc
    .tuple(fc.nat({ max: Math.max(0, good.length - 1) }), fc.nat({ max: 255 }))
    .map(([at, byte]) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      return as("application/json", bytes);
    });
  return fc.oneof(
    cut,
    flipped,
    fc.constantFrom(
      as("text/plain"),
      as("application/x-www-form-urlencoded"),
      as("multipart/form-data; boundary=x"),
      as("application/json; charset=utf-16"),
      as("application/json; charset=nonsense"),
      as("application/json", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good])),
      as("application/json", Buffer.from([0xff, 0xfe, 0x00])),
      as("application/json", Buffer.alloc(0)),
      as("application/json", Buffer.from("true")),
      packed("gzip", gzipSync(good)),
      packed("gzip", gzipSync(good).subarray(0, 12)),
      packed("gzip", bomb),
      packed("gzip", good),
      packed("deflate", deflateRawSync(good)),
      packed("br", good),
      packed("gzip, gzip", gzipSync(gzipSync(good))),
      packed("nonsense", good),
    ),
  );
}

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "idempotency-key": "x".repeat(300) },
      { "idempotency-key": "fuzz" },
      { "x-request-id": "<script>" },
      { "x-forwarded-for": "999.1.1.1, ::::" },
      { "x-http-method-override": "DELETE" },
      { accept: "text/html;q=9, */*;q=x" },
      { "accept-encoding": "gzip;q=NaN, *" },
      { range: "bytes=0-0,1-" },
      { cookie: `connvo_session=${"a".repeat(3_000)}; =; ;;` },
      { traceparent: "00-00000000000000000000000000000000-0000000000000000-zz" },
      { origin: "null" },
      { "if-none-match": "*" },
      { expect: "nonsense" },
    ),
  },
);

export function sendRequest(
  base: URL,
  { method, target, headers, body }: GeneratedRequest,
  options: { token: string | null; agent: Agent },
): Promise<HttpAnswer> {
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    const outgoing = request(
      {
        host: base.hostname,
        port: base.port,
        method,
        path: target,
        agent: options.agent,
        headers: {
          ...(options.token === null ? {} : { authorization: `Bearer ${options.token}` }),
          ...(body === null ? {} : { "content-length": String(body.byteLength) }),
          ...headers,
        },
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", () => resolve({ status: 0, type: "", text: "" }));
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers["content-type"] ?? "",
            text: Buffer.concat(parts).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      // The server may hang up on whoever sends too much, and a kept connection may have just ended.
      if (["ECONNRESET", "EPIPE"].includes(error.code ?? "")) resolve({ status: 0, type: "", text: "" });
      else reject(error);
    });
    outgoing.end(body ?? undefined);
  });
  return inTime(answer, `${method} ${target.slice(0, 100)}`);
}
