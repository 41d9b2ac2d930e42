import { expect, test } from "vitest";
import { StartError } from "./config.ts";
import { asStartFailure } from "./start-failure.ts";

const dataDir = "/srv/connvo";
const failure = (fields: object) => Object.assign(new Error("it failed"), fields);

test("[START-12] a full disk and files of another user are said in one sentence", () => {
  const full = /^The disk that holds \/srv\/connvo is full: free some space and start again\.$/;
  for (const code of ["ENOSPC", 14_031]) {
    const said = asStartFailure(failure({ code }), { dataDir }) as Error;
    expect(said).toBeInstanceOf(StartError);
    expect(said.message).toMatch(full);
  }
  const path = "/srv/connvo/identity/keys.json";
  const closed = asStartFailure(failure({ code: "EACCES", path }), { dataDir }) as Error;
  expect(closed).toBeInstanceOf(StartError);
  expect(closed.message).toMatch(/^\/srv\/connvo\/identity\/keys\.json cannot be used \(EACCES\): /);
});

test("[START-12] what nobody can say better stays as it is", () => {
  for (const error of [
    new StartError("said"),
    failure({ code: "ENOENT" }),
    failure({ code: "EPERM" }),
    new Error("unknown"),
    "text",
  ])
    expect(asStartFailure(error, { dataDir })).toBe(error);
});
