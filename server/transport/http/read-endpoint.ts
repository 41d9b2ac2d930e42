// A row of the endpoints table read without a request of its own: the guards, the handler and the promise are those of REST.
import type { Actor } from "../../../shared/actor.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { endpoints, type Endpoints } from "../../../shared/contract/endpoints.ts";
import type { AuditService } from "../../modules/audit/index.ts";
import { createEndpointAudit } from "./auditing.ts";
import { assertScope, parsed, parsedParams, promised, type Handlers } from "./endpoint-router.ts";
import type { RateLimiter } from "./rate-limits.ts";

/** Rows that answer JSON to whoever is signed in. */
export type ReadableEndpoint = {
  [Name in keyof Endpoints]: Endpoints[Name] extends { method: "GET"; access: "signed-in" | "meeting" }
    ? Name
    : never;
}[keyof Endpoints];

export interface EndpointRead {
  actor: Actor;
  address: string;
  /** As they would stand in the address. */
  params: Record<string, string>;
  query: Record<string, string>;
}

/** Throws what the endpoint would answer. */
export type ReadEndpoint = (name: ReadableEndpoint, read: EndpointRead) => Promise<unknown>;

export function createReadEndpoint(options: {
  handlers: Handlers;
  audit: Pick<AuditService, "record" | "recordRefusal">;
  rateLimiter: RateLimiter;
}): ReadEndpoint {
  const { handlers, rateLimiter } = options;
  return async (name, { actor, address, params, query }) => {
    const spec: EndpointSpec = endpoints[name];
    const audit = createEndpointAudit(options.audit, name, spec);
    try {
      await rateLimiter.check({ endpoint: name, method: spec.method, actor, address });
      assertScope(actor, spec);
      const handler = handlers[name] as (actor: Actor, call: unknown) => Promise<unknown>;
      const answer = await handler(actor, {
        params: parsedParams(spec, { params }),
        query: parsed(spec.query, query, "query"),
      });
      return promised(name, spec, answer);
    } catch (error) {
      await audit.refused(actor, { params }, error);
      throw error;
    }
  };
}
