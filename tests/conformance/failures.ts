// Why a test failed, with the server's error codes where the failure is an error of the server: refusals are recognised by them.
import mongoose from "mongoose";
import { FormatError, type ExpectedError } from "./format.ts";
import { difference, isPlain, text, type MatchScope } from "./matching.ts";

const { MongoBulkWriteError, MongoError, MongoServerError } = mongoose.mongo;

export class TestFailure extends Error {
  /** Codes the server answered with; empty where it gave a wrong answer instead of an error. */
  readonly codes: readonly number[];

  constructor(message: string, codes: readonly number[] = []) {
    super(message);
    this.codes = codes;
  }
}

/** An error that the test did not expect. */
export function unexpected(error: unknown, during: string): TestFailure {
  if (error instanceof TestFailure) return error;
  return new TestFailure(`${during} failed: ${words(error)}`, codesOf(error));
}

export function codesOf(error: unknown): number[] {
  if (!(error instanceof MongoServerError)) return [];
  const codes = [error.code, ...writeErrorsOf(error).map(({ code }) => code)];
  return codes.filter((code) => typeof code === "number");
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [code] = codesOf(error);
  return `${error.name}${code === undefined ? "" : ` ${code}`}: ${error.message}`;
}

function writeErrorsOf(error: unknown): { code: number; errmsg: string | undefined }[] {
  if (!(error instanceof MongoBulkWriteError)) return [];
  return [error.writeErrors].flat().map(({ code, errmsg }) => ({ code, errmsg }));
}

/** Throws TestFailure where the error is not the one that the test describes. */
export function checkError(error: unknown, expected: ExpectedError, scope: MatchScope): void {
  const fail = (what: string) => {
    throw new TestFailure(`the error ${what}, but it is ${words(error)}`, codesOf(error));
  };
  if (expected.writeErrors !== undefined || expected.writeConcernErrors !== undefined)
    throw new FormatError("the runner does not know writeErrors of clientBulkWrite");
  const isClientError = !(error instanceof MongoServerError);
  if (expected.isClientError !== undefined && expected.isClientError !== isClientError)
    fail(`should come from the ${expected.isClientError ? "client" : "server"}`);
  const messages = [
    error instanceof Error ? error.message : String(error),
    ...writeErrorsOf(error).map(({ errmsg }) => errmsg ?? ""),
  ];
  const wanted = expected.errorContains?.toLowerCase();
  if (wanted !== undefined && !messages.some((message) => message.toLowerCase().includes(wanted)))
    fail(`should say '${wanted}'`);
  if (expected.errorCode !== undefined && !codesOf(error).includes(expected.errorCode))
    fail(`should have the code ${expected.errorCode}`);
  if (expected.errorCodeName !== undefined) {
    const name = error instanceof MongoServerError ? error.codeName : undefined;
    if (String(name).toLowerCase() !== expected.errorCodeName.toLowerCase())
      fail(`should have the code name ${expected.errorCodeName}`);
  }
  const hasLabel = (label: string) => error instanceof MongoError && error.hasErrorLabel(label);
  for (const label of expected.errorLabelsContain ?? []) if (!hasLabel(label)) fail(`should carry ${label}`);
  for (const label of expected.errorLabelsOmit ?? []) if (hasLabel(label)) fail(`should not carry ${label}`);
  if (expected.errorResponse !== undefined) {
    const response = error instanceof MongoServerError ? error.errorResponse : undefined;
    const problem = difference(expected.errorResponse, response, { scope, root: "document" }, "the response");
    if (problem !== null) fail(`should have another response: ${problem}`);
  }
  if (Object.hasOwn(expected, "expectResult")) {
    const result = error instanceof MongoBulkWriteError ? resultDocument(error.result) : undefined;
    const problem = difference(expected.expectResult, result, { scope, root: "document" }, "the result");
    if (problem !== null) fail(`should carry another result (${problem} in ${text(result)})`);
  }
}

/** The fields of a driver's result as a document: some are getters of a class. */
export function resultDocument(result: unknown): unknown {
  if (typeof result !== "object" || result === null || isPlain(result) || Array.isArray(result))
    return result;
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== "result"));
}
