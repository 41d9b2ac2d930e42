// What the endpoints of how long what is kept do.
import type { RetentionService } from "../../modules/retention/index.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createRetentionHandlers(
  retention: RetentionService,
): Pick<
  Handlers,
  "retentionTerms" | "meetingRetention" | "adminRetention" | "previewRetention" | "changeRetention"
> {
  return {
    retentionTerms: (actor) => retention.terms(actor),
    meetingRetention: (actor, { params }) => retention.ofMeeting(actor, params.id),
    adminRetention: (actor) => retention.policy(actor),
    previewRetention: (actor, { body }) => retention.preview(actor, body.terms),
    changeRetention: (actor, { body }) => retention.change(actor, body),
  };
}
