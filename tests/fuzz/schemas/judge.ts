// What no answer may be, whatever was asked: a fault of ours, late, of another form, or a look inside.
import { errorKinds, errorStatuses, type ErrorCode } from "../../../shared/errors.ts";

export class Fault extends Error {}

/** Generous: a machine under load answers within it, a hang does not. */
export const answeredWithinMs = 30_000;

/** Words of the store, the runtime and the sources; none of them is in what is sent. */
const internals =
  /Mongo(Server)?Error|MongooseError|BSON|CastError|ValidatorError|ZodError|TypeError|RangeError|SyntaxError|node_modules|node:internal|\.mongo\.ts|\bat (async )?\S+ \(|\/server\/|\/realtime\/|file:\/\/|ECONN|E11000|\$numberLong.*ns|must match pattern|Cannot read prop|is not a function|is not iterable|Maximum call stack|Unexpected (token|end of)/;

export function assertNoInternals(text: string, what: string): void {
  const found = internals.exec(text)?.[0];
  if (found !== undefined) throw new Fault(`${what} tells of "${found}": ${text.slice(0, 400)}`);
}

export function assertError(body: unknown, status: number | null): ErrorCode {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  const code = String(error?.code);
  if (!Object.hasOwn(errorKinds, code)) throw new Fault(`an error without a known code: ${shown(body)}`);
  if (typeof error?.message !== "string" || error.message === "")
    throw new Fault(`an error without a message: ${shown(body)}`);
  const known = code as ErrorCode;
  if (status !== null && errorStatuses[errorKinds[known]] !== status)
    throw new Fault(`${known} came with status ${status}`);
  if (errorStatuses[errorKinds[known]] >= 500) throw new Fault(`a fault of ours: ${shown(body)}`);
  return known;
}

export interface HttpAnswer {
  /** 0 where the connection ended without one. */
  status: number;
  type: string;
  text: string;
}

/** What became of it, for the tally; throws Fault. */
/** `wire`: bytes that are not quite HTTP; `any`: addresses beside the interface, whose answers are pages and files, too. */
export function judgeHttp({ status, type, text }: HttpAnswer, expects: "api" | "wire" | "any"): string {
  assertNoInternals(text, `an answer of ${status}`);
  // Said by whoever has not built the pages, and nothing else of 500 and above.
  const noPages = text.startsWith("The pages are not built yet") || (text === "" && expects === "any");
  if (status === 503 && noPages && type.startsWith("text/plain")) return "no pages";
  if (status >= 500) throw new Fault(`answered ${status}: ${text.slice(0, 400)}`);
  if (status === 0) return "connection closed";
  const outcome = status < 400 ? `${Math.floor(status / 100)}xx` : String(status);
  // Pages, files, and Socket.IO's own refusals are of forms of their own.
  if (expects === "any") return outcome;
  const isJson = type.includes("application/json");
  const body: unknown = isJson && text !== "" ? JSON.parse(text) : null;
  if (status < 400) return outcome;
  if (expects === "wire" && isSocketIoRefusal(body)) return `${status} of Socket.IO`;
  if (!isJson) throw new Fault(`answered ${status} as ${type}: ${text.slice(0, 200)}`);
  return `${status} ${assertError(body, status)}`;
}

function isSocketIoRefusal(body: unknown): boolean {
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === "number" && typeof message === "string";
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 400);
}

/** Rejects with a Fault where it takes longer than anybody would wait. */
export async function inTime<Result>(work: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Fault(`${what} took over ${answeredWithinMs} ms`)), answeredWithinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
