import { describe, expect, it } from "vitest";
import { meetingIdSchema } from "../../../shared/ids.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import { shownCommitments } from "./commitment-list.ts";

describe("commitments on the home page", () => {
  const [first, second, third] = [commitment("1"), commitment("2"), commitment("3")];

  it("one that was ticked here stays in its place after the server has dropped it", () => {
    const before = shownCommitments([first, second, third], new Set(), []);
    const after = shownCommitments([first, third], new Set(["2"]), before);
    expect(after.map(({ commitment: { id }, done }) => [id, done])).toEqual([
      ["1", false],
      ["2", true],
      ["3", false],
    ]);
  });

  it("one that is ticked but still on the server's list shows as done at once", () => {
    const shown = shownCommitments([first], new Set(["1"]), []);
    expect(shown).toEqual([{ commitment: first, done: true }]);
  });

  it("one that somebody else has ticked goes away", () => {
    const before = shownCommitments([first, second], new Set(), []);
    expect(shownCommitments([second], new Set(), before).map((shown) => shown.commitment.id)).toEqual(["2"]);
  });
});

function commitment(id: string): Commitment {
  return {
    id,
    meetingId: meetingIdSchema.parse("0".repeat(24)),
    meetingTitle: "Call",
    text: `Do ${id}`,
    ownerId: null,
    ownerName: null,
    dueText: null,
    movedTo: null,
    milestone: false,
    mine: true,
    createdAt: "2026-03-12T10:00:00.000Z",
  };
}
