// Writes audit entries for what endpoints do and refuse, by the table of `audited-endpoints.ts`.
import type { Request, RequestHandler } from "express";
import type { Actor } from "../../../shared/actor.ts";
import type { EndpointSpec } from "../../../shared/contract/endpoint.ts";
import { AppError } from "../../../shared/errors.ts";
import type { AuditMetadata, AuditService } from "../../modules/audit/index.ts";
import { currentRequest, withRequestContext } from "../../platform/request-context.ts";
import { auditedEndpoints, meetingRead, type AuditedEndpoint } from "./audited-endpoints.ts";

/** Kinds of errors that say: you may not. The rest is a mistake, or trouble of ours. */
const refusalKinds = new Set(["forbidden", "not-found", "rate-limited", "unauthenticated"]);

/** What was asked for. */
type Addressed = Pick<Request, "params">;

export interface EndpointAudit {
  /** After the handler: durable before the answer leaves. */
  done(actor: Actor, request: Addressed, metadata?: AuditMetadata): Promise<void>;
  /** Whatever was thrown; only refusals are written. Never rejects. */
  refused(actor: Actor | null, request: Addressed, error: unknown): Promise<void>;
}

export function createEndpointAudit(
  audit: Pick<AuditService, "record" | "recordRefusal">,
  name: string,
  spec: EndpointSpec,
): EndpointAudit {
  const known: Partial<Record<string, AuditedEndpoint>> = auditedEndpoints;
  const row = known[name] ?? (spec.access === "meeting" ? meetingRead : undefined);
  if (row === undefined) {
    return { done: () => Promise.resolve(), refused: () => Promise.resolve() };
  }
  const entryFor = (actor: Actor | null, request: Addressed) => ({
    actorUserId: actor?.userId ?? null,
    action: row.action,
    resourceType: row.resourceType,
    resourceId: row.resourceId({ params: paramsOf(request), actor }) || "unknown",
  });
  /** What is no id may be anything that somebody typed: nothing of it is kept. */
  const paramsOf = ({ params }: Addressed) =>
    spec.params === undefined || spec.params.safeParse(params).success
      ? (params as Record<string, string>)
      : {};
  return {
    async done(actor, request, metadata = {}) {
      if (row.done !== "transport") return;
      await audit.record({ ...entryFor(actor, request), outcome: "done", metadata });
    },
    async refused(actor, request, error) {
      if (!(error instanceof AppError) || !refusalKinds.has(error.kind)) return;
      // Without a proof of identity nobody is behind a request, but whoever signs wrongly tries to be somebody.
      if (actor === null && spec.access !== "webhook") return;
      await audit.recordRefusal({ ...entryFor(actor, request), code: error.code });
    },
  };
}

/** Sign-ins that did not succeed: their answer is a page, which `errorCode` says why. */
export function auditRefusedSignIns(audit: Pick<AuditService, "recordRefusal">): RequestHandler {
  return (_request, response, next) => {
    const context = currentRequest();
    response.once("finish", () => {
      const code: unknown = response.locals["errorCode"];
      if (typeof code !== "string" || response.statusCode < 400 || context === null) return;
      void withRequestContext(context, () =>
        audit.recordRefusal({
          actorUserId: null,
          action: "session.start",
          resourceType: "session",
          resourceId: "new",
          code,
        }),
      );
    });
    next();
  };
}
