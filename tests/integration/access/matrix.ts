// Everybody at every door: the answers of doors.ts and live-table.ts, asked for at a running server.
import { describe, expect, test } from "vitest";
import { errorKinds, errorStatuses, type ErrorCode } from "../../../shared/errors.ts";
import { until } from "../../factories/nodes.ts";
import { badProofNames, badProofs, isInTheMeeting, personNames, type Person } from "./actors.ts";
import type { Answer } from "./calls.ts";
import { endpointDoors, otherDoors, type Door } from "./doors.ts";
import { canary, organizationCanary, unknownId } from "./table.ts";
import type { AccessWorld } from "./world.ts";

/** Of the same organisation as the host, and so allowed to see who else is in it. */
const ofTheOrganization: readonly Person[] = ["admin"];

export function matrixOfRequests(world: () => AccessWorld): void {
  describe("everybody at every endpoint", () => {
    test.each(endpointDoors.map((door) => [door.rules, door.name, door] as const))(
      "%s %s answers everybody as its row says",
      async (_rules, _name, door) => {
        await refusesBadProofs(world(), door);
        await judgesKeys(world(), door);
        // Those who are refused first, all at once; then those who may, one after another: they may change something.
        const refused = personNames.filter((person) => door.answerTo(person) >= 400);
        const answers = await Promise.all(refused.map((person) => asked(world(), door, person)));
        refused.forEach((person, index) => judge(door, person, answers[index]));
        for (const person of personNames.filter((name) => !refused.includes(name)).reverse())
          judge(door, person, await asked(world(), door, person));
        await tellsNoMeetingFromNone(world(), door);
      },
    );

    test.each(otherDoors.map((door) => [`${door.method} ${door.route}`, door] as const))(
      "[ACCESS-8] %s, which is no endpoint of the table, answers everybody alike",
      async (_name, { method, path, body, answer, signedIn }) => {
        const { send, tokens, badProofs: bad } = world();
        const given = [
          ...badProofNames.map((name) => [name, bad[name], answer] as const),
          ...personNames.map((name) => [name, tokens[name], signedIn ?? answer] as const),
        ];
        const answers = await Promise.all(given.map(([, token]) => send(token, method, path, body)));
        expect(answers.map(({ status }, index) => [given[index]?.[0], status])).toEqual(
          given.map(([name, , status]) => [name, status]),
        );
        for (const { text } of answers) expectNothingOf(text, [canary, organizationCanary]);
      },
    );
  });
}

async function asked(world: AccessWorld, door: Door, person: Person): Promise<Answer> {
  const sample = door.spends && person === "host" ? await world.another() : world.sample;
  const { ready } = door;
  if (ready !== null && door.answerTo(person) < 400) {
    const state = async () => (await world.send(world.tokens[person], "GET", ready)).text;
    await until(async () => !(await state()).includes('"preparing"'), `${door.name} to be ready`);
  }
  return await world.send(world.tokens[person], door.method, door.path(sample), door.body(sample));
}

function judge(door: Door, person: Person, answer: Answer | undefined): void {
  expect([person, answer?.status, answer?.text.slice(0, 300)]).toEqual([
    person,
    door.answerTo(person),
    expect.anything(),
  ]);
  const text = answer?.text ?? "";
  if (door.answerTo(person) >= 400) expectError(text, door.answerTo(person));
  if (!isInTheMeeting(person) && !(door.told && person === "left")) expectNothingOf(text, [canary]);
  if (!ofTheOrganization.includes(person)) expectNothingOf(text, [organizationCanary]);
}

/** Whoever is not let into a meeting hears the same of one that does not exist. */
async function tellsNoMeetingFromNone({ send, sample, tokens }: AccessWorld, door: Door): Promise<void> {
  const none = { ...sample, meetingId: unknownId };
  if (door.path(sample) === door.path(none) || door.answerTo("stranger") < 400) return;
  const answers = await Promise.all(
    [sample, none].map((each) => send(tokens.stranger, door.method, door.path(each), door.body(each))),
  );
  const [known, unknown] = answers.map(({ status, text }) => {
    const { code, message } = expectError(text, status).error;
    return { status, code, message };
  });
  expect(known).toEqual(unknown);
}

/** A bad proof is the same bad proof at every door: one status, one code, one sentence. */
async function refusesBadProofs({ send, badProofs: bad, sample }: AccessWorld, door: Door): Promise<void> {
  const answers = await Promise.all(
    badProofNames.map((name) => send(bad[name], door.method, door.path(sample), door.body(sample))),
  );
  answers.forEach(({ status, text, challenge }, index) => {
    const name = badProofNames[index] ?? "none";
    expect([name, status]).toEqual([name, door.withoutProof]);
    expectNothingOf(text, [canary, organizationCanary]);
    if (door.withoutProof < 400) return;
    const { error } = expectError(text, door.withoutProof);
    if (!door.asksForProof) return;
    expect([name, error.code, challenge]).toEqual([name, badProofs[name].code, "Bearer"]);
    const said = sentences.get(name) ?? error.message;
    sentences.set(name, said);
    expect([name, error.message]).toEqual([name, said]);
  });
}

const sentences = new Map<string, string>();

/** A machine's key opens what it was made for, as far as its maker may go; nothing else. */
async function judgesKeys({ send, keyFor, keyWithout, sample }: AccessWorld, door: Door): Promise<void> {
  if (!door.asksForProof) return;
  const ask = (key: string) => send(key, door.method, door.path(sample), door.body(sample));
  const without = await ask(keyWithout(door.scope));
  expect(["without the scope", without.status]).toEqual(["without the scope", errorStatuses.forbidden]);
  expect(expectError(without.text, errorStatuses.forbidden).error.code).toBe("FORBIDDEN");
  if (door.scope === undefined) return;
  const opened = await ask(keyFor(door.scope));
  expect(["with the scope", opened.status]).toEqual(["with the scope", door.answerTo("admin")]);
  expectNothingOf(opened.text, [canary]);
}

/** Every refusal is of one form, and its code is one of its status. */
export function expectError(text: string, status: number): { error: { code: ErrorCode; message: string } } {
  const body = JSON.parse(text) as { error: { code: ErrorCode; message: string; requestId: string } };
  expect(body).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) });
  expect(errorStatuses[errorKinds[body.error.code]]).toBe(status);
  expect(body.error.message).toMatch(/\w/);
  expect(body.error.requestId).toMatch(/\w/);
  return body;
}

function expectNothingOf(text: string, canaries: string[]): void {
  for (const each of canaries) expect(text).not.toContain(each);
}
