// The OpenAPI document, derived from the endpoints table and the shared schemas.
import { z } from "zod";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { errorKinds } from "../../../shared/errors.ts";
import { uploadRules, type UploadPurpose } from "../../../shared/uploads.ts";

type JsonSchema = Record<string, unknown>;

export function createOpenApi(options: { version: string; publicUrl: string }): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, spec] of Object.entries<EndpointSpec>(endpoints)) {
    const path = spec.path.replace(/:([A-Za-z]+)/g, "{$1}");
    (paths[path] ??= {})[spec.method.toLowerCase()] = operation(name, spec);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Connvo",
      version: options.version,
      description:
        "Live coaching calls. Scripts send a bearer token; browsers send the session cookie, and with it the header " +
        "`x-connvo-client: 1` where a request changes something.",
    },
    servers: [{ url: options.publicUrl }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description:
            "An access token, or a machine's key (`cvo_…`) where the operation names the scope that opens it.",
        },
        session: { type: "apiKey", in: "cookie", name: "connvo_session" },
        signature: {
          type: "apiKey",
          in: "header",
          name: "connvo-signature",
          description:
            "`t=<seconds since 1970>, v1=<hex>`: the HMAC-SHA256 of `<t>.<body>` with a secret of this deployment, " +
            "over the body before it is compressed.",
        },
      },
      schemas: { Error: errorSchema },
    },
  };
}

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "requestId"],
      properties: {
        code: { type: "string", enum: Object.keys(errorKinds) },
        message: { type: "string", description: "Says what to do next." },
        details: {},
        retryAfter: {
          type: "integer",
          minimum: 1,
          description: "Seconds after which a retry makes sense, as in the header Retry-After.",
        },
        requestId: { type: "string" },
      },
    },
  },
};

function operation(name: string, spec: EndpointSpec): Record<string, unknown> {
  const status = spec.status ?? 200;
  const parameters = [
    ...parametersOf(spec.params, "path"),
    ...parametersOf(spec.query, "query"),
    ...(spec.method === "POST" && isForPeople(spec) ? [idempotencyKey] : []),
  ];
  return {
    operationId: name,
    summary: spec.summary,
    tags: [spec.access === "webhook" ? "webhooks" : (spec.path.split("/")[3] ?? "other")],
    security: securityOf(spec),
    ...(spec.scope === undefined ? {} : { "x-key-scope": spec.scope }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(spec.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(spec.body, "input")) } }),
    ...(spec.upload === undefined ? {} : { requestBody: fileBody(spec.upload) }),
    responses: {
      [status]: {
        description: spec.summary,
        ...(status === 204
          ? {}
          : {
              content:
                spec.contentType === undefined
                  ? json(schemaOf(spec.response, "output"))
                  : { [spec.contentType.split(";")[0] ?? ""]: { schema: { type: "string" } } },
            }),
      },
      default: { description: "An error", content: json({ $ref: "#/components/schemas/Error" }) },
    },
  };
}

/** The bytes of one file, whose type the server finds out by itself. */
function fileBody(purpose: UploadPurpose): JsonSchema {
  const { maxBytes, types, accepts } = uploadRules[purpose];
  const content = { schema: { type: "string", format: "binary" } };
  return {
    required: true,
    description:
      `The file's bytes, at most ${maxBytes}, neither compressed nor in a form: ${accepts}. ` +
      "With application/octet-stream nothing is said about the type; any other that is not what the bytes are is refused.",
    content: Object.fromEntries(["application/octet-stream", ...types].map((type) => [type, content])),
  };
}

function isForPeople({ access }: EndpointSpec): boolean {
  return access !== "public" && access !== "webhook";
}

function securityOf(spec: EndpointSpec): object[] {
  if (isForPeople(spec)) return [{ bearer: [] }, { session: [] }];
  return spec.access === "webhook" ? [{ signature: [] }] : [];
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "A repeated request with the same key runs once and is answered the same, for 24 hours.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): unknown[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

function json(schema: JsonSchema): Record<string, unknown> {
  return { "application/json": { schema } };
}
