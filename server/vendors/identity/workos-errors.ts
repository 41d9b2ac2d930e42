// What WorkOS's SDK throws, as errors of this product.
import { AuthenticationException, OauthException } from "@workos-inc/node";
import { AppError } from "../../../shared/errors.ts";
import { OrganizationChoice } from "./index.ts";

export const vendorTrouble = "The sign-in service cannot be reached at the moment. Please try again shortly.";
const retryAfterSeconds = 2;

export function refused(cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "Please sign in.", cause === undefined ? {} : { cause });
}

/** The vendor cannot say now; where it asked for time, that long. */
export function vendorError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const asked = cause instanceof Error && "retryAfter" in cause ? Number(cause.retryAfter) : 0;
  return new AppError("VENDOR_ERROR", vendorTrouble, {
    cause,
    retryAfterSeconds: asked > 0 ? asked : retryAfterSeconds,
  });
}

/** Waits for an answer that concerns somebody's right to be here: a refusal is theirs, all else the vendor's. */
export async function askedForSession<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OrganizationChoice) throw error;
    const refusedByVendor =
      error instanceof OauthException ||
      error instanceof AuthenticationException ||
      (error instanceof Error &&
        ["NotFoundException", "UnprocessableEntityException", "BadRequestException"].includes(error.name));
    throw refusedByVendor ? refused(error) : vendorError(error);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
