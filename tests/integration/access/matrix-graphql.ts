// Everybody at every field of GraphQL: the answers of graphql-table.ts at a running server.
import { describe, expect, test } from "vitest";
import { callFields } from "../../../server/transport/graphql/fields.ts";
import { errorKinds, errorStatuses, type ErrorCode } from "../../../shared/errors.ts";
import { badProofNames, badProofs, isInTheMeeting, personNames, type Person } from "./actors.ts";
import { endpointDoors } from "./doors.ts";
import {
  graphqlAnswer,
  graphqlQuery,
  graphqlRows,
  nobodys,
  scopeOf,
  type GraphqlRow,
  type GraphqlSample,
} from "./graphql-table.ts";
import { expectError } from "./matrix.ts";
import { canary, organizationCanary } from "./table.ts";
import type { AccessWorld } from "./world.ts";

interface Told {
  data: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions: { code: ErrorCode; requestId?: string } }[];
}

const rows = Object.entries(graphqlRows);

export function matrixOfGraphql(world: () => AccessWorld): void {
  let prepared: Promise<GraphqlSample> | undefined;
  const sampleOf = () => (prepared ??= hostsOwn(world()));

  describe("everybody at every field of GraphQL", () => {
    test.each(rows)("[ACCESS-24] %s answers everybody as its row says", async (name, row) => {
      const sample = await sampleOf();
      const query = graphqlQuery(name, sample);
      const answers = await Promise.all(
        personNames.map((person) => asked(world(), world().tokens[person], query)),
      );
      personNames.forEach((person, index) => judge(name, row, person, answers[index]));
    });

    test.each(rows)("[ACCESS-24] %s is refused to a bad proof as every endpoint is", async (name) => {
      const { send, badProofs: bad } = world();
      const query = graphqlQuery(name, await sampleOf());
      const answers = await Promise.all(
        badProofNames.map((proof) => send(bad[proof], "POST", "/graphql", { query })),
      );
      answers.forEach(({ status, text, challenge }, index) => {
        const proof = badProofNames[index] ?? "none";
        const { error } = expectError(text, errorStatuses.unauthenticated);
        expect([proof, status, error.code, challenge]).toEqual([proof, 401, badProofs[proof].code, "Bearer"]);
      });
    });

    test.each(rows)("[ACCESS-24] %s is read by keys of its scope alone", async (name, row) => {
      const { keyFor, keyWithout } = world();
      const query = graphqlQuery(name, await sampleOf());
      const scope = scopeOf(name);
      const without = await asked(world(), keyWithout(scope), query);
      // A key of every other scope may come as far as what is around the field, where nothing is there for it.
      const refused = row.within === undefined ? "FORBIDDEN" : around(row, scopeOf(row.within));
      expect(codeOf(without)).toBe(refused);
      expect(JSON.stringify(without)).not.toContain(canary);
      if (scope === undefined || row.within !== undefined) return;
      const opened = await asked(world(), keyFor(scope), query);
      expect(codeOf(opened)).toBe(graphqlAnswer(row, "admin"));
      expect(JSON.stringify(opened)).not.toContain(canary);
    });

    test("[ACCESS-24] no field answers anybody more than its endpoint", () => {
      for (const [name, row] of rows) {
        const [type = "", field = ""] = name.split(".");
        const endpoint = callFields[type]?.[field]?.endpoint;
        const door = endpointDoors.find((each) => each.name === endpoint);
        if (door === undefined) throw new Error(`the endpoint of ${name} has no row`);
        for (const person of personNames) {
          const code = graphqlAnswer(row, person);
          const status = code === null ? 200 : errorStatuses[errorKinds[code]];
          // The table of endpoints asks for nobody's where this one asks for the host's.
          const ofHost = row.to === "the host alone" && person === "host";
          if (!ofHost && row.to !== "the host alone")
            expect([name, person, status]).toEqual([name, person, door.answerTo(person)]);
          if (door.answerTo(person) === errorStatuses.forbidden)
            expect([name, person, code]).toEqual([name, person, "FORBIDDEN"]);
        }
      }
    });

    test("[ACCESS-24] what is somebody else's and what does not exist are told apart by nobody", async () => {
      const sample = await sampleOf();
      for (const [name, row] of rows) {
        if (row.to === "everybody") continue;
        const [known, unknown] = await Promise.all(
          [sample, nobodys(sample)].map((each) =>
            asked(world(), world().tokens.stranger, graphqlQuery(name, each)),
          ),
        );
        const said = (told: Told | undefined) =>
          told?.errors?.map(({ message, path, extensions: { code } }) => ({ message, path, code }));
        expect([name, said(known)]).toEqual([name, said(unknown)]);
      }
    });
  });
}

/** What the host needs beside the sample to be asked for everything there is. */
async function hostsOwn({ api, tokens: { host }, sample }: AccessWorld): Promise<GraphqlSample> {
  const content = {
    basics: { name: canary },
    work: [{ name: "Bees", position: "Keeper", highlights: [`Kept 12 hives with ${canary}.`] }],
  };
  const resume = await api<{ id: string }>(host, "POST", "/api/v1/career/resumes", { name: canary, content });
  const { runId } = await api<{ runId: string }>(host, "POST", "/api/v1/career/runs", {
    masterResumeId: resume.id,
    jobId: sample.postingId,
    mockMode: true,
  });
  const plan = await api<{ id: string }>(host, "POST", "/api/v1/plans", { targetRole: canary });
  await api(host, "POST", `/api/v1/plans/${plan.id}/milestones`, { title: canary });
  return { ...sample, resumeId: resume.id, runId, planId: plan.id };
}

async function asked({ send }: AccessWorld, token: string, query: string): Promise<Told> {
  const { status, text } = await send(token, "POST", "/graphql", { query });
  expect([status, text.slice(0, 300)]).toEqual([200, expect.anything()]);
  return JSON.parse(text) as Told;
}

function judge(name: string, row: GraphqlRow, person: Person, told: Told | undefined): void {
  const code = told === undefined ? "INTERNAL" : codeOf(told);
  const expected = graphqlAnswer(row, person);
  expect([person, code, JSON.stringify(told?.errors ?? []).slice(0, 300)]).toEqual([
    person,
    expected,
    expect.anything(),
  ]);
  const text = JSON.stringify(told);
  if (expected !== null) {
    const path = (row.within ?? name).split(".")[1] ?? "";
    expect([person, told?.data?.[path], told?.errors?.[0]?.path?.[0]]).toEqual([person, null, path]);
  }
  const mayRead = row.to === "the host alone" ? person === "host" : isInTheMeeting(person);
  if (!mayRead) expect([person, text.includes(canary)]).toEqual([person, false]);
  if (person !== "admin") expect(text).not.toContain(organizationCanary);
}

/** Of the first refusal. */
function codeOf({ errors }: Told): ErrorCode | null {
  return errors?.[0]?.extensions.code ?? null;
}

/** What a key hears that is not made for a field inside another: whatever the other one answers it. */
function around(row: GraphqlRow, scope: ReturnType<typeof scopeOf>): ErrorCode | null {
  return scope === undefined ? "FORBIDDEN" : graphqlAnswer(row, "admin");
}
