// Serves the endpoints table: who, how often, what; then the handler; then the answer in the promised shape.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { type Request, type Response, type Router } from "express";
import type { z } from "zod";
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import {
  fileAnswer,
  type EndpointSpec,
  type FileAnswer,
  type ParsedRequest,
  type ResponseOf,
} from "../../../shared/contract/endpoint.ts";
import { endpoints, type Endpoints } from "../../../shared/contract/endpoints.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { AuditService } from "../../modules/audit/index.ts";
import type { AcceptedFile } from "../../platform/uploads/index.ts";
import { createEndpointAudit, type EndpointAudit } from "./auditing.ts";
import { showErrorsAsPages } from "./errors.ts";
import { sendFile } from "./file-answer.ts";
import type { Idempotency } from "./idempotency.ts";
import type { RateLimiter } from "./rate-limits.ts";
import { setRoute } from "./request-log.ts";
import type { Authenticate } from "./session.ts";
import type { Uploads } from "./uploads.ts";
import type { Webhooks } from "./webhooks.ts";

const maxIssuesShown = 20;

interface Call<Spec extends EndpointSpec> extends ParsedRequest<Spec> {
  /** Names the file that an endpoint with a content type answers. */
  setFilename(filename: string): void;
  /** Reads the file that the body is; not before the handler knows that the person may bring it. */
  receive(): Promise<AcceptedFile>;
  /** In bytes, where it is known before a streamed file is sent: a download that breaks off shows as one. */
  setSize(sizeBytes: number): void;
}

/** Public endpoints and webhooks receive no actor. */
type Handler<Spec extends EndpointSpec> = Spec["access"] extends "public" | "webhook"
  ? (call: Call<Spec>) => Promise<ResponseOf<Spec>>
  : (actor: Actor, call: Call<Spec>) => Promise<ResponseOf<Spec>>;

/** One handler for every row of the table: the compiler asks for it, and so does the start. */
export type Handlers = { [Name in keyof Endpoints]: Handler<Endpoints[Name]> };

export interface RouterOptions {
  handlers: Handlers;
  audit: Pick<AuditService, "record" | "recordRefusal">;
  operators: ReadonlySet<string>;
  authenticate: Authenticate;
  idempotency: Idempotency;
  rateLimiter: RateLimiter;
  webhooks: Webhooks;
  uploads: Uploads;
}

type AnyHandler = (...args: unknown[]) => Promise<unknown>;

/** Throws where an endpoint has no handler. */
export function createEndpointRouter(options: RouterOptions): Router {
  const router = express.Router();
  const handlers: Partial<Record<string, AnyHandler>> = options.handlers as unknown as Record<
    string,
    AnyHandler
  >;
  for (const [name, spec] of Object.entries<EndpointSpec>(endpoints)) {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`The endpoint ${name} has no handler.`);
    const audit = createEndpointAudit(options.audit, name, spec);
    const method = spec.method.toLowerCase() as Lowercase<EndpointSpec["method"]>;
    router[method](spec.path, (request: Request, response: Response) =>
      serve(options, { name, spec, handler, audit }, request, response),
    );
  }
  return router;
}

interface Row {
  name: string;
  spec: EndpointSpec;
  handler: AnyHandler;
  audit: EndpointAudit;
}

async function serve(options: RouterOptions, row: Row, request: Request, response: Response): Promise<void> {
  const { name, spec, audit } = row;
  setRoute(response, spec.path);
  if (spec.contentType?.startsWith("text/html") === true) showErrorsAsPages(response);
  let actor: Actor | null = null;
  try {
    if (spec.access === "webhook") {
      return await options.webhooks.counted(name, () => receive(options, row, request, response));
    }
    if (spec.access !== "public") actor = await options.authenticate(request, response);
    await serveTo(actor, options, row, request, response);
  } catch (error) {
    await audit.refused(actor, request, error);
    throw error;
  }
}

async function serveTo(
  actor: Actor | null,
  options: RouterOptions,
  { name, spec, handler, audit }: Row,
  request: Request,
  response: Response,
): Promise<void> {
  await options.rateLimiter.check({
    endpoint: name,
    method: spec.method,
    actor,
    address: request.ip ?? "unknown",
  });
  if (spec.access === "org-admin" && (actor === null || !isOrgAdmin(actor))) {
    throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  }
  // Nobody decides for all organisations in somebody else's name.
  const operates = actor !== null && actor.impersonator === undefined && options.operators.has(actor.email);
  if (spec.access === "operator" && !operates) {
    throw new AppError("FORBIDDEN", "This is for the operators of this installation, whom OPERATORS names.");
  }
  if (actor !== null) assertScope(actor, spec);
  const call = {
    ...(await parseRequest(spec, request, response)),
    setFilename: (filename: string) => void response.attachment(filename),
    receive: () => {
      if (actor === null || spec.upload === undefined) throw new Error(`The endpoint ${name} takes no file.`);
      return options.uploads.receive(spec.upload, actor, request);
    },
    setSize: (sizeBytes: number) => void response.setHeader("content-length", sizeBytes),
  };
  const run = async () => {
    const answer = await (actor === null ? handler(call) : handler(actor, call));
    if (actor !== null) await audit.done(actor, request, searched(call.query));
    // Parsed on the way out too: what the contract does not promise does not leave the house.
    return { status: spec.status ?? 200, body: promised(name, spec, answer) };
  };
  const key = spec.method === "POST" && spec.tellsSecret !== true ? idempotencyKeyOf(request) : null;
  const { status, body } =
    key === null || actor === null
      ? await run()
      : await options.idempotency.once(
          {
            key,
            userId: actor.userId,
            request: [spec.method, request.path, call.query ?? null, call.body ?? null],
          },
          run,
        );
  if (spec.response === fileAnswer) return await sendFile(request, response, body as FileAnswer);
  await send(response, spec, status, body);
}

/** A machine's key opens what it was made for, and what names no scope is open to no key. */
export function assertScope(actor: Actor, { scope }: EndpointSpec): void {
  if (actor.apiKeyId === undefined) return;
  if (scope !== undefined && actor.scopes?.includes(scope) === true) return;
  throw new AppError(
    "FORBIDDEN",
    scope === undefined
      ? "This is for people: no key opens it."
      : `This key was not made for this: make one with the scope ${scope}.`,
    { details: { scope: scope ?? null } },
  );
}

/** A webhook: what it carries is read only after its signature has been checked. */
async function receive(
  options: RouterOptions,
  row: Row,
  request: Request,
  response: Response,
): Promise<void> {
  const { name, spec, handler } = row;
  if (spec.signatureHeader === undefined) throw new Error(`The webhook ${name} names no signature's header.`);
  await options.rateLimiter.checkNamed("webhook", request.ip ?? "unknown");
  const received = await options.webhooks.signedBody(name, spec.signatureHeader, request, response);
  const call = {
    params: parsedParams(spec, request),
    query: parsed(spec.query, request.query, "query"),
    body: parsed(spec.body, received, "body"),
  };
  await send(response, spec, spec.status ?? 200, promised(name, spec, await handler(call)));
}

async function send(response: Response, spec: EndpointSpec, status: number, body: unknown): Promise<void> {
  response.status(status).setHeader("cache-control", "no-store");
  if (spec.streamed === true && spec.contentType !== undefined) {
    response.setHeader("content-type", spec.contentType);
    return await pour(body as AsyncIterable<string | Uint8Array>, response);
  }
  if (status === 204) response.end();
  else if (spec.contentType === undefined) response.json(body);
  else response.setHeader("content-type", spec.contentType).end(String(body));
}

async function pour(pieces: AsyncIterable<string | Uint8Array>, response: Response): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    // Whoever asked has gone: no trouble of ours.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** By what a list was narrowed, without the values: those may name people. */
function searched(query: unknown): Record<string, string> {
  const names = Object.keys((query ?? {}) as object).filter((name) => name !== "limit" && name !== "cursor");
  return names.length === 0 ? {} : { filters: names.join(",") };
}

export function promised(name: string, spec: EndpointSpec, answer: unknown): unknown {
  if (spec.streamed === true) return answer;
  const parsed = spec.response.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new AppError("INTERNAL", "Something went wrong on our side. Please try again.", {
    cause: new Error(`The answer of ${name} does not fit its schema at: ${where}`),
  });
}

const parseJson = express.json({ limit: limits.httpBodyMaxBytes });

async function parseRequest(
  spec: EndpointSpec,
  request: Request,
  response: Response,
): Promise<ParsedRequest<EndpointSpec>> {
  const params = parsedParams(spec, request);
  const query = parsed(spec.query, request.query, "query");
  let body: unknown;
  if (spec.body !== undefined) {
    await new Promise<void>((resolve, reject) =>
      parseJson(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(error as Error),
      ),
    );
    const received: unknown = request.body;
    if (received === undefined) {
      throw new AppError("MALFORMED_REQUEST", "Send a JSON body with content-type application/json.");
    }
    body = parsed(spec.body, received, "body");
  }
  return { params, query, body } as ParsedRequest<EndpointSpec>;
}

/** An id that cannot be one names nothing: the same answer as for one that does not exist. */
export function parsedParams(spec: EndpointSpec, request: Pick<Request, "params">): unknown {
  const params = spec.params?.safeParse(request.params);
  if (params?.success === false) throw notFound();
  return params?.data;
}

export function parsed(schema: z.ZodType | undefined, value: unknown, part: "query" | "body"): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError("VALIDATION_ERROR", `Some fields of the ${part} are not valid: see the details.`, {
    details: {
      issues: result.error.issues.slice(0, maxIssuesShown).map((issue) => ({
        path: issue.path.join("."),
        message: issue.message.slice(0, 300),
      })),
    },
  });
}

function idempotencyKeyOf(request: Request): string | null {
  const key = request.get("idempotency-key");
  if (key === undefined) return null;
  if (key === "" || key.length > limits.idempotencyKeyMaxChars) {
    throw new AppError(
      "VALIDATION_ERROR",
      `An Idempotency-Key has 1 to ${limits.idempotencyKeyMaxChars} characters.`,
    );
  }
  return key;
}
