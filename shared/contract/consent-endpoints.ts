// The rows of the REST table that concern consent.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { pageOf, pageQuerySchema } from "../schemas/common.ts";
import {
  consentDefaultsSchema,
  consentEntrySchema,
  decideConsentSchema,
  meetingConsentsSchema,
} from "../schemas/consents.ts";
import { endpoint } from "./endpoint.ts";

const meeting = z.object({ id: meetingIdSchema });

export const consentEndpoints = {
  consentDefaults: endpoint({
    method: "GET",
    path: "/api/v1/me/consents",
    access: "signed-in",
    summary: "What one has agreed to for every meeting in which one has not said otherwise",
    response: consentDefaultsSchema,
  }),
  decideConsentDefault: endpoint({
    method: "POST",
    path: "/api/v1/me/consents",
    access: "signed-in",
    summary: "Give or refuse consent as one's default",
    body: decideConsentSchema,
    response: consentDefaultsSchema,
  }),
  consentLedger: endpoint({
    method: "GET",
    path: "/api/v1/me/consents/ledger",
    access: "signed-in",
    summary: "Everything one has ever agreed to or refused, and what one was shown, newest first",
    query: pageQuerySchema,
    response: pageOf(consentEntrySchema),
  }),
  meetingConsents: endpoint({
    method: "GET",
    path: "/api/v1/meetings/:id/consents",
    access: "meeting",
    summary: "One's own consents for a meeting, and what the others' mean for it",
    params: meeting,
    response: meetingConsentsSchema,
  }),
  decideConsent: endpoint({
    method: "POST",
    path: "/api/v1/meetings/:id/consents",
    access: "meeting",
    summary: "Give, refuse or take back consent for a meeting, also while it runs",
    params: meeting,
    body: decideConsentSchema,
    response: meetingConsentsSchema,
  }),
} as const;
