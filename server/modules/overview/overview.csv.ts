// The overview as one table for spreadsheets: a row a period. Numbers and dates alone, so that no cell is a formula.
import type { Overview } from "../../../shared/schemas/overview.ts";

const head = [
  "kind",
  "from",
  "to",
  "meetings",
  "held",
  "cancelled",
  "not_held",
  "meetings_not_split",
  "came",
  "missed",
  "places_not_split",
  "on_time",
  "late",
  "arrivals_not_split",
  "average_minutes",
  "commitments",
  "done",
  "open",
  "commitments_not_split",
  "people_who_rated",
  "rating_average",
  "rating_average_is",
  "rated_1",
  "rated_2",
  "rated_3",
  "rated_4",
  "rated_5",
  "ratings_not_split",
] as const;

type Row = Partial<Record<(typeof head)[number], string | number | null>>;

/** Lines end as RFC 4180 has it. */
export function overviewCsv({ weeks, blocks }: Overview): string {
  const rows: Row[] = [
    ...weeks.map(({ from, to, meetings, places, arrivals, averageMinutes }) => ({
      kind: "week",
      from: dayOf(from),
      to: dayOf(to),
      meetings: meetings?.total ?? null,
      held: meetings?.parts.held ?? null,
      cancelled: meetings?.parts.cancelled ?? null,
      not_held: meetings?.parts["not-held"] ?? null,
      meetings_not_split: meetings?.together ?? null,
      came: places?.parts.came ?? null,
      missed: places?.parts.missed ?? null,
      places_not_split: places?.together ?? null,
      on_time: arrivals?.parts["on-time"] ?? null,
      late: arrivals?.parts.late ?? null,
      arrivals_not_split: arrivals?.together ?? null,
      average_minutes: averageMinutes,
    })),
    ...blocks.map(({ from, to, commitments, ratings }) => ({
      kind: "four weeks",
      from: dayOf(from),
      to: dayOf(to),
      commitments: commitments?.total ?? null,
      done: commitments?.parts.done ?? null,
      open: commitments?.parts.open ?? null,
      commitments_not_split: commitments?.together ?? null,
      people_who_rated: ratings?.people.total ?? null,
      rating_average: ratings?.average ?? null,
      rating_average_is: ratings?.bound ?? null,
      rated_1: ratings?.people.parts["1"] ?? null,
      rated_2: ratings?.people.parts["2"] ?? null,
      rated_3: ratings?.people.parts["3"] ?? null,
      rated_4: ratings?.people.parts["4"] ?? null,
      rated_5: ratings?.people.parts["5"] ?? null,
      ratings_not_split: ratings?.people.together ?? null,
    })),
  ];
  const lines = rows.map((row) => head.map((name) => row[name] ?? "").join(","));
  return [head.join(","), ...lines, ""].join("\r\n");
}

/** The day after the last one, for `to`. */
function dayOf(timestamp: string): string {
  return timestamp.slice(0, 10);
}
