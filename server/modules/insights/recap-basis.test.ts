// Whether a recap is still what people allow, and what the lines say.
import { describe, expect, test } from "vitest";
import { noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import { meetingIdSchema, userIdSchema, type UserId } from "../../../shared/ids.ts";
import type { StoredRecap } from "./insights.repository.ts";
import { createRecapBasis, isWhatPeopleAllow, withheldAmong } from "./recap-basis.ts";

const [ann, ben, cleo] = ["a", "b", "c"].map((digit) => userIdSchema.parse(digit.repeat(24))) as [
  UserId,
  UserId,
  UserId,
];
const said = (...answers: [UserId, ConsentAnswers["ai"]][]) =>
  new Map(answers.map(([userId, ai]): [UserId, ConsentAnswers] => [userId, { ...noAnswers, ai }]));

describe("whose words are left out", () => {
  test("[INSIGHTS-30] of rules those who refuse, of a model all who have not said yes; in one order", () => {
    const answers = said([ben, "refused"], [ann, "given"]);
    expect(withheldAmong([cleo, ben, ann], answers, "rules")).toEqual([ben]);
    expect(withheldAmong([cleo, ben, ann], answers, "model")).toEqual([ben, cleo]);
  });

  test("[INSIGHTS-30] a recap is stale when somebody takes their words back, and when somebody gives them", () => {
    const basis = { speakers: [ann, ben], withheld: [ben] };
    expect(isWhatPeopleAllow(basis, said([ben, "refused"]), "rules")).toBe(true);
    expect(isWhatPeopleAllow(basis, said([ben, "given"]), "rules")).toBe(false);
    expect(isWhatPeopleAllow(basis, said([ben, "refused"], [ann, "refused"]), "rules")).toBe(false);
    // As many, but others.
    expect(isWhatPeopleAllow(basis, said([ann, "refused"]), "rules")).toBe(false);
    // Somebody who said nothing in the call changes nothing of its recap.
    expect(isWhatPeopleAllow(basis, said([ben, "refused"], [cleo, "refused"]), "rules")).toBe(true);
  });
});

describe("how a recap stands", () => {
  const recap: StoredRecap = {
    meetingId: meetingIdSchema.parse("d".repeat(24)),
    status: "ready",
    problem: null,
    delivery: "queued",
    edition: 0,
    speakers: [ann, ben],
    withheld: [],
    mode: null,
    revision: 2,
    begunAt: new Date("2026-06-01T12:00:00Z"),
  };
  const check = (
    answers: Map<UserId, ConsentAnswers>,
    isFinal = false,
    corrected: { revision: number; at?: Date } = { revision: 2 },
  ) =>
    createRecapBasis({
      transcripts: {
        lastRevision: () => Promise.resolve(corrected.revision),
        correctedAfter: (_meetingId, at) => Promise.resolve(corrected.at !== undefined && corrected.at > at),
      },
      repository: { citedSpeakers: () => Promise.resolve([ben]) },
      consents: { answers: () => Promise.resolve(answers) },
      language: { mode: "rules", modeIn: () => Promise.resolve("rules") },
      orgOf: () => Promise.resolve(null),
      cannotBeMadeAnew: () => Promise.resolve(isFinal),
    });

  test("[INSIGHTS-30] one that is being made is not made, whoever has answered what", async () => {
    const basis = check(said([ben, "refused"]));
    expect(await basis.standing({ ...recap, status: "processing", withheld: null })).toBe("unmade");
    expect(await basis.standing(recap)).toBe("stale");
    expect(await basis.standing({ ...recap, withheld: [ben] })).toBe("current");
  });

  test("[RETAIN-12] where the transcript is kept no longer it is shown on when more is allowed, and held back when less is", async () => {
    const final = { ...recap, withheld: [ben] };
    expect(await check(said([ben, "given"])).standing(final)).toBe("stale");
    expect(await check(said([ben, "given"]), true).standing(final)).toBe("current");
    expect(await check(said([ann, "refused"]), true).standing(final)).toBe("stale");
  });

  test("[INSIGHTS-36] one that was made before a correction is corrected, unless the lines went with their corrections", async () => {
    const everybody = said();
    expect(await check(everybody, false, { revision: 3 }).standing(recap)).toBe("corrected");
    expect(await check(everybody, true, { revision: 0 }).standing(recap)).toBe("current");
    expect(await check(everybody, false, { revision: 3 }).standing({ ...recap, withheld: null })).toBe(
      "corrected",
    );
    // What people allow comes first: that is made anew sooner.
    expect(await check(said([ben, "refused"]), false, { revision: 3 }).standing(recap)).toBe("stale");
  });

  test("[INSIGHTS-36] of one that does not say up to which correction it was made, those from its beginning on count", async () => {
    const old = { ...recap, revision: null };
    const [before, after] = [new Date("2026-06-01T11:59:00Z"), new Date("2026-06-01T12:00:01Z")];
    expect(await check(said(), false, { revision: 0 }).standing(old)).toBe("current");
    expect(await check(said(), false, { revision: 4, at: before }).standing(old)).toBe("current");
    expect(await check(said(), false, { revision: 4, at: after }).standing(old)).toBe("corrected");
  });

  test("[INSIGHTS-30] one of before this was written down holds the words of whoever it quotes", async () => {
    const old = { ...recap, speakers: [], withheld: null };
    expect(await check(said([ann, "refused"])).standing(old)).toBe("current");
    expect(await check(said([ben, "refused"])).standing(old)).toBe("stale");
  });
});
