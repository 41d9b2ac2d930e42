// Errors of GraphQL as the product's: a code in `extensions`, and nothing of the inside.
import { GraphQLError } from "graphql";
import { AppError, errorBody, errorKinds, type ErrorCode } from "../../../shared/errors.ts";
import { describeError } from "../http/errors.ts";

const messageMaxChars = 300;

/** `logged` hears of what is a fault of ours. Says the same of what it has said already. */
export function presentError(
  error: unknown,
  requestId: string,
  logged: (failure: AppError) => void,
): GraphQLError {
  if (error instanceof GraphQLError && isPresented(error)) return error;
  const failure = failureOf(error);
  if (failure.status >= 500) logged(failure);
  const { code, message, ...more } = errorBody(failure);
  const place = error instanceof GraphQLError ? error : null;
  return new GraphQLError(message, {
    nodes: place?.nodes ?? null,
    source: place?.source ?? null,
    positions: place?.positions ?? null,
    path: place?.path ?? null,
    extensions: { code, ...more, requestId, ...httpOf(place) },
  });
}

/** Its code, of what `presentError` has made. */
export function codeOf(error: GraphQLError): ErrorCode {
  return error.extensions["code"] as ErrorCode;
}

function isPresented({ extensions }: GraphQLError): boolean {
  return typeof extensions["requestId"] === "string" && Object.hasOwn(errorKinds, String(extensions["code"]));
}

function failureOf(error: unknown): AppError {
  if (!(error instanceof GraphQLError)) return describeError(error);
  const { originalError } = error;
  if (originalError instanceof GraphQLError) return failureOf(originalError);
  if (originalError !== undefined && originalError !== null) return describeError(originalError);
  // At a place in the answer: what was read does not fit its type.
  if (error.path !== undefined) return describeError(new Error(error.message));
  // Of the language itself: what was sent does not parse, or asks for what there is not.
  const message = error.message.slice(0, messageMaxChars);
  return new AppError(message.startsWith("Syntax Error") ? "MALFORMED_REQUEST" : "VALIDATION_ERROR", message);
}

/** What decides the answer's status; it does not leave. */
function httpOf(error: GraphQLError | null): Pick<GraphQLError["extensions"], "http"> {
  const http = error?.extensions["http"];
  return http === undefined ? {} : { http };
}
