// Where the people of a round stand in its picture: who meets stands together; pure.
import type { PairingRound } from "../../../shared/schemas/matching-rounds.ts";

export const pictureSize = 640;
const middle = pictureSize / 2;

export interface Place {
  id: string;
  x: number;
  y: number;
  /** On which side of it its name has room. */
  side: "start" | "end";
}

export interface Line {
  from: string;
  to: string;
  score: number;
  kind: "pair" | "other";
  repeat: boolean;
}

export interface Picture {
  places: Place[];
  lines: Line[];
  /** Of a person's circle. */
  radius: number;
}

type Drawn = Pick<PairingRound, "kind" | "groups" | "alone" | "others">;

export function pictureOf(round: Drawn): Picture {
  const lines: Line[] = [
    ...round.others.map(({ one, other, score }) => ({
      from: one,
      to: other,
      score,
      kind: "other" as const,
      repeat: false,
    })),
    ...round.groups.flatMap(({ pairs }) =>
      pairs.map(({ one, other, score, repeat }) => ({
        from: one,
        to: other,
        score,
        kind: "pair" as const,
        repeat,
      })),
    ),
  ];
  const places = round.kind === "coaching" ? inColumns(round) : inACircle(round);
  const known = new Set(places.map(({ id }) => id));
  return {
    places,
    lines: lines.filter(({ from, to }) => known.has(from) && known.has(to)),
    radius: Math.max(4, Math.min(20, 460 / Math.max(1, places.length))),
  };
}

function inACircle(round: Drawn): Place[] {
  const ids = peopleOf(round);
  return ids.map((id, index) => {
    const angle = (2 * Math.PI * (index + 0.5)) / ids.length - Math.PI / 2;
    const x = middle + Math.cos(angle) * (middle - 120);
    return { id, x, y: middle + Math.sin(angle) * (middle - 60), side: x < middle ? "end" : "start" };
  });
}

/** Coaches to the left, each coachee to the right as near to their coach as there is room. */
function inColumns(round: Drawn): Place[] {
  const coaches = [...new Set(round.groups.flatMap(({ people }) => people.slice(0, 1)))];
  const others = peopleOf(round).filter((id) => !coaches.some((coach) => coach === id));
  const column = (ids: readonly string[], x: number, side: Place["side"]) =>
    ids.map((id, index) => ({ id, x, y: (pictureSize * (index + 0.5)) / ids.length, side }));
  return [...column(coaches, 200, "end"), ...column(others, pictureSize - 200, "start")];
}

/** Everybody once, groups together, who meets nobody last. */
function peopleOf({ groups, alone }: Drawn): string[] {
  return [
    ...new Set([
      ...groups.flatMap(({ people }) => people),
      ...alone.filter(({ reason }) => reason !== "opted-out").map(({ userId }) => userId),
    ]),
  ];
}

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const [first = ""] = words;
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return `${[...first][0] ?? ""}${[...last][0] ?? ""}`.toUpperCase();
}
