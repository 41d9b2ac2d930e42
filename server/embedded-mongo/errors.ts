// Errors as MongoDB names them: a client's error handling depends on the number and the name.

/** Codes this server answers with, by MongoDB's own names. */
export const codeNames = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  11: "UserNotFound",
  13: "Unauthorized",
  14: "TypeMismatch",
  16: "InvalidLength",
  17: "ProtocolError",
  18: "AuthenticationFailed",
  15: "Overflow",
  20: "IllegalOperation",
  22: "InvalidBSON",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  50: "MaxTimeMSExpired",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  54: "NotSingleValueField",
  55: "InvalidDBRef",
  56: "EmptyFieldName",
  57: "DottedFieldName",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  68: "IndexAlreadyExists",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  91: "ShutdownInProgress",
  100: "UnsatisfiableWriteConcern",
  115: "CommandNotSupported",
  123: "NotAReplicaSet",
  168: "InvalidPipelineOperator",
  171: "CannotIndexParallelArrays",
  175: "QueryPlanKilled",
  181: "AmbiguousIndexKeyPattern",
  197: "InvalidIndexSpecificationOption",
  238: "NotImplemented",
  241: "ConversionFailure",
  246: "DataCorruptionDetected",
  292: "QueryExceededMemoryLimitNoDiskUseAllowed",
  303: "FeatureNotSupported",
  322: "APIVersionError",
  323: "APIStrictError",
  334: "MechanismUnavailable",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
  11600: "InterruptedAtShutdown",
  14031: "OutOfDiskSpace",
} as const satisfies Record<number, string>;

/** An error a client gets as `{ok: 0, code, codeName, errmsg}` or as one entry of `writeErrors`. */
export class StoreError extends Error {
  readonly code: number;
  /** Extra fields of the answer, already encoded as a BSON value by the thrower. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "StoreError";
    this.code = code;
    this.details = details;
  }

  get codeName(): string {
    return codeNameOf(this.code);
  }
}

/** Codes without a name of their own are named after their place, as MongoDB does. */
export function codeNameOf(code: number): string {
  return (codeNames as Record<number, string>)[code] ?? `Location${code}`;
}

export function badValue(message: string): StoreError {
  return new StoreError(2, message);
}

export function failedToParse(message: string): StoreError {
  return new StoreError(9, message);
}

export function typeMismatch(message: string): StoreError {
  return new StoreError(14, message);
}
