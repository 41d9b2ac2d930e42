// The shape of one HTTP endpoint: router, client and OpenAPI document are all derived from it.
import { z } from "zod";
import type { ApiScope } from "../schemas/api-keys.ts";
import type { UploadPurpose } from "../uploads.ts";

export interface EndpointSpec {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Express path with `:params`. */
  path: string;
  /**
   * `public` needs no sign-in; `signed-in` any person; `meeting` a place in the meeting named by `:id`; `org-admin` an
   * administrator of the organisation that the session is in, `operator` who decides for the whole installation
   * (OPERATORS), others are answered FORBIDDEN; `webhook` a vendor's
   * signature.
   */
  access: "public" | "signed-in" | "meeting" | "org-admin" | "operator" | "webhook";
  /** What a machine's key must have been made for to use this; without one it is closed to keys. */
  scope?: ApiScope;
  /** The answer tells a secret, or people's words, once: it is not kept for an Idempotency-Key. */
  tellsSecret?: true;
  /** The header with the signature of a webhook. */
  signatureHeader?: string;
  summary: string;
  status?: number;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body is a file, as its bytes are, and this is what it is for. */
  upload?: UploadPurpose;
  response: z.ZodType;
  /** Set where the answer is a file, not JSON. */
  contentType?: string;
  /** The file is sent piece by piece: the handler answers an `AsyncIterable` of its text or bytes. */
  streamed?: true;
}

/** What an endpoint answers that gives a stored file. */
export interface FileAnswer {
  /** As it was found to be. */
  type: string;
  name: string;
  bytes: number;
  /** Names these very bytes: another file has another one. */
  version: string;
  /** Shown by browsers rather than saved: for pictures that were put together anew. */
  shown: boolean;
  /** For so long a browser need not ask again; 0 where it always must. */
  freshSeconds: number;
  /** The bytes from the first through the last named, or all. */
  read(range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

/** The response of a row that gives a file. */
export const fileAnswer = z.custom<FileAnswer>((value) => typeof value === "object" && value !== null);

export function endpoint<const Spec extends EndpointSpec>(spec: Spec): Spec {
  return spec;
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;

/** What a handler receives, parsed. */
export interface ParsedRequest<Spec extends EndpointSpec> {
  params: Output<Spec["params"]>;
  query: Output<Spec["query"]>;
  body: Output<Spec["body"]>;
}

/** What a caller passes. */
export interface CallerRequest<Spec extends EndpointSpec> {
  params?: Input<Spec["params"]>;
  query?: Input<Spec["query"]>;
  body?: Input<Spec["body"]>;
}

export type ResponseOf<Spec extends EndpointSpec> = z.output<Spec["response"]>;
