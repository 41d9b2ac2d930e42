// A call as its coach may want to see it: every figure of a review, from the lines alone. No clock, no chance, no score.
import type { UserId } from "../../../shared/ids.ts";
import { growStages, type Moment, type ReviewFigures } from "../../../shared/schemas/reviews.ts";
import { coachBehaviour, questionKind, talkType } from "./behaviours.ts";
import { languageOf } from "./english.ts";
import { longestOf, overlapsOf, sharesOf } from "./floor.ts";
import { stagesIn } from "./grow.ts";
import { turnsOf, withContext, type SpokenLine, type Turn } from "./turns.ts";
import { longWaitMs, medianOf, waitsOf } from "./waits.ts";

/** Rises when a figure is counted in another way: reviews made before are made anew. */
export const reviewRules = 1;

export interface ReviewedLine extends SpokenLine {
  speakerId: UserId;
  /** Where the transcript knows a label and no person. */
  speakerLabel?: string | undefined;
}

export interface ReviewedCall {
  /** In the order in which they were said, without those of people whose words no machine may read. */
  lines: readonly ReviewedLine[];
  coachId: UserId;
  hostIds: readonly UserId[];
  /** Whose lines are not among them. */
  withheld: readonly UserId[];
}

const examplesMost = 5;
const peopleMost = 8;
/** Less than two chances in three: shown as unsure. */
const surely = 2 / 3;
/** At most this many steps over a call. */
const stepsMost = 24;
const stepWidthsMs = [0.5, 1, 2, 3, 5, 10, 15, 30, 60].map((minutes) => minutes * 60_000);

export function reviewOf({ lines, coachId, hostIds, withheld }: ReviewedCall): ReviewFigures {
  const lastsMs = Math.max(0, ...lines.map(({ endMs }) => endMs));
  const stepMs = stepWidthsMs.find((width) => width * stepsMost >= lastsMs) ?? Math.ceil(lastsMs / stepsMost);
  const axis = { stepMs, steps: Math.max(1, Math.ceil(lastsMs / stepMs)) };
  const turns = turnsOf(lines);
  const context = withContext(turns);
  const ofCoach = context.filter(({ turn }) => turn.speakerId === coachId);
  const ofCoachees = context.filter(({ turn }) => !hostIds.some((host) => host === turn.speakerId));
  const language = languageOf(lines.map(({ text }) => text));
  const timed = withheld.length === 0 && isTimed(lines);
  const gaps = timed && hasOwnEnds(lines);
  const english = language === "english";
  return {
    lastsMs,
    stepMs,
    words: turns.reduce((sum, { words }) => sum + words, 0),
    turns: { coach: ofCoach.length, coachee: ofCoachees.length },
    own: withheld.includes(coachId) ? "refused" : ofCoach.length > 0 ? "read" : "none",
    language,
    leftOut: withheld.length,
    timed,
    people: peopleOf(lines, turns, { coachId, hostIds, axis, timed }),
    overlaps: gaps ? overlapFigures(lines, coachId) : null,
    waits: gaps ? waitFigures(lines, coachId) : null,
    questions: english ? questionFigures(ofCoach) : null,
    reflections: english ? reflectionFigures(ofCoach) : null,
    talk: english ? talkFigures(ofCoachees, axis) : null,
    grow: english ? growFigures(lines, axis) : null,
  };
}

type Axis = Parameters<typeof sharesOf>[1];
type InContext = ReturnType<typeof withContext>[number];

/** Typed lines and some imports say when something was said, and not for how long. */
function isTimed(lines: readonly SpokenLine[]): boolean {
  return lines.filter(({ startMs, endMs }) => endMs > startMs).length * 2 > lines.length;
}

/** Some imports let each line last until the next one begins: then no silence and no overlap is in them. */
function hasOwnEnds(lines: readonly SpokenLine[]): boolean {
  const touching = lines.filter(({ endMs }, index) => lines[index + 1]?.startMs === endMs).length;
  return lines.length < 2 || touching * 2 < lines.length - 1;
}

function peopleOf(
  lines: readonly ReviewedLine[],
  turns: readonly Turn[],
  options: Pick<ReviewedCall, "coachId" | "hostIds"> & { axis: Axis; timed: boolean },
): ReviewFigures["people"] {
  const { coachId, hostIds, axis, timed } = options;
  const shares = new Map(sharesOf(lines, axis).map((share) => [share.speakerId, share]));
  const longest = longestOf(turns);
  const labels = new Map(lines.map(({ speakerId, speakerLabel }) => [speakerId, speakerLabel ?? null]));
  return [...labels]
    .map(([speakerId, label]) => {
      const own = turns.filter((turn) => turn.speakerId === speakerId);
      const share = shares.get(speakerId);
      return {
        speakerId,
        label,
        part: partOf(speakerId, coachId, hostIds),
        talkMs: timed ? (share?.talkMs ?? 0) : 0,
        words: own.reduce((sum, { words }) => sum + words, 0),
        turns: own.length,
        steps: timed ? (share?.steps ?? []) : [],
        longest: timed ? (longest.get(speakerId) ?? null) : null,
      };
    })
    .sort(
      (a, b) =>
        Number(b.part === "coach") - Number(a.part === "coach") || b.talkMs - a.talkMs || b.words - a.words,
    )
    .slice(0, peopleMost);
}

function partOf(speakerId: UserId, coachId: UserId, hostIds: readonly UserId[]) {
  if (speakerId === coachId) return "coach" as const;
  return hostIds.includes(speakerId) ? ("other-host" as const) : ("coachee" as const);
}

function overlapFigures(lines: readonly SpokenLine[], coachId: string): ReviewFigures["overlaps"] {
  const overlaps = overlapsOf(lines);
  const byCoach = overlaps.filter(({ speakerId }) => speakerId === coachId);
  return {
    byCoach: byCoach.length,
    byOthers: overlaps.filter(({ overId }) => overId === coachId).length,
    examples: longestFirst(byCoach),
  };
}

function waitFigures(lines: readonly SpokenLine[], coachId: string): ReviewFigures["waits"] {
  const waits = waitsOf(lines, coachId);
  return {
    questions: waits.length,
    medianMs: medianOf(waits.map(({ lastsMs }) => lastsMs)),
    long: waits.filter(({ lastsMs }) => lastsMs >= longWaitMs).length,
    coachFirst: waits.filter(({ coachFirst }) => coachFirst).length,
    examples: longestFirst(waits.filter(({ lastsMs }) => lastsMs > 0)),
  };
}

function longestFirst(moments: readonly (Moment & { lastsMs: number })[]): Moment[] {
  return moments
    .toSorted((a, b) => b.lastsMs - a.lastsMs)
    .slice(0, examplesMost)
    .map(({ sequence, startMs, lastsMs }) => ({ sequence, startMs, lastsMs }));
}

interface Judged<Label extends string> {
  turn: Turn;
  label: Label;
  probability: number;
}

function questionFigures(coach: readonly InContext[]): ReviewFigures["questions"] {
  const asked = coach.flatMap(({ turn, ...spoken }) => {
    const behaviour = coachBehaviour(spoken);
    if (behaviour.label !== "question") return [];
    const kind = questionKind(spoken);
    return [{ turn, label: kind.label, probability: Math.min(kind.probability, behaviour.probability) }];
  });
  const open = asked.filter(({ label }) => label === "open");
  const closed = asked.filter(({ label }) => label === "closed");
  return {
    open: open.length,
    closed: closed.length,
    unsure: unsureOf(asked),
    openExamples: surestFirst(open),
    closedExamples: surestFirst(closed),
  };
}

function reflectionFigures(coach: readonly InContext[]): ReviewFigures["reflections"] {
  const reflections = coach
    .map(({ turn, ...spoken }) => ({ turn, ...coachBehaviour(spoken) }))
    .filter(({ label }) => label === "reflection");
  return {
    count: reflections.length,
    unsure: unsureOf(reflections),
    examples: surestFirst(reflections),
  };
}

function talkFigures(coachees: readonly InContext[], axis: Axis): ReviewFigures["talk"] {
  const judged = coachees.map(({ turn, ...spoken }) => ({ turn, ...talkType(spoken) }));
  const change = judged.filter(({ label }) => label === "change");
  const sustain = judged.filter(({ label }) => label === "sustain");
  const changes = countsOf(change, axis);
  const sustains = countsOf(sustain, axis);
  return {
    change: change.length,
    sustain: sustain.length,
    neutral: judged.length - change.length - sustain.length,
    unsure: unsureOf([...change, ...sustain]),
    steps: changes.map((count, step) => ({ change: count, sustain: sustains[step] ?? 0 })),
    changeExamples: surestFirst(change),
    sustainExamples: surestFirst(sustain),
  };
}

function growFigures(lines: readonly SpokenLine[], axis: Axis): ReviewFigures["grow"] {
  const found = lines.map((line) => ({ line, stages: stagesIn(line.text) }));
  return growStages.map((stage) => {
    const touching = found.flatMap(({ line, stages }) => (stages.includes(stage) ? [line] : []));
    const { length } = touching;
    // Spread over the call, so that they show where it went.
    const shown =
      length <= examplesMost
        ? touching
        : Array.from(
            { length: examplesMost },
            (_, index) => touching[Math.floor((index * length) / examplesMost)],
          );
    return {
      stage,
      lines: length,
      steps: countsOf(
        touching.map((turn) => ({ turn })),
        axis,
      ),
      examples: shown.flatMap((line) => (line === undefined ? [] : [momentOf(line)])),
    };
  });
}

function countsOf(found: readonly { turn: { startMs: number } }[], { stepMs, steps }: Axis): number[] {
  const counts = Array.from({ length: steps }, () => 0);
  for (const { turn } of found) {
    const step = Math.min(steps - 1, Math.floor(turn.startMs / stepMs));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

function unsureOf(judged: readonly { probability: number }[]): number {
  return judged.filter(({ probability }) => probability < surely).length;
}

function surestFirst(judged: readonly Judged<string>[]): Moment[] {
  return judged
    .toSorted((a, b) => b.probability - a.probability || a.turn.startMs - b.turn.startMs)
    .slice(0, examplesMost)
    .sort((a, b) => a.turn.startMs - b.turn.startMs)
    .map(({ turn }) => momentOf(turn));
}

function momentOf({ sequence, startMs }: { sequence: number; startMs: number }): Moment {
  return { sequence, startMs, lastsMs: null };
}
