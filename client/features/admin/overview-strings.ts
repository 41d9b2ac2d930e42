// Words of the organisation's figures.

export const overviewStrings = {
  title: "Overview",
  under:
    "How your organisation's calls go, in figures of many people. No names, no titles, nothing that was said.",
  loading: "Counting…",
  period: "Period",
  periods: { 12: "Last 12 weeks", 26: "Last 26 weeks", 52: "Last 52 weeks" } as Record<number, string>,
  export: "Export CSV",
  emptyTitle: "No figures yet",
  empty: (when: string) =>
    `Weeks are counted eight days after their end. The next one is counted on ${when}.`,
  counted: (until: string, next: string) => `Complete until ${until}. The next week is counted on ${next}.`,
  rule: (people: number, meetings: number) =>
    `A week or block of weeks is shown from ${people} different people and ${meetings} calls on. A part of fewer people, such as one call that was cancelled, is told only together with others, so that nobody can be recognised. Weeks are counted once and stay as they are.`,
  ruleTitle: "What is not shown, and why",
  week: "Week of",
  block: "Four weeks from",
  total: "All",
  together: "Not told apart",
  tooFew: "Too few people to show",
  nothing: "None",
  notApart: "—",
  table: "As a table",
  chart: (title: string) => `${title} over time. The table below has the same figures.`,
  share: (part: string, some: string, all: string, share: string) => `${part}: ${some} of ${all} (${share})`,
  noShare: "In no week of this period can this be told without showing too few people.",
  meetings: {
    title: "Calls",
    note: "Planned calls of each week, and those that began without a plan.",
    parts: { held: "Held", cancelled: "Cancelled", "not-held": "Not held" },
  },
  places: {
    title: "Attendance",
    note: "Of the people expected in calls that were held. Calls that nobody entered by Connvo are not counted.",
    parts: { came: "Came", missed: "Did not come" },
  },
  arrivals: {
    title: "On time",
    note: "Of those who came to a planned call; late is more than five minutes.",
    parts: { "on-time": "On time", late: "Late" },
  },
  length: {
    title: "Length",
    note: "Average length of calls that were held, to the nearest five minutes.",
    figure: (minutes: string) => `About ${minutes} minutes on average`,
    minutes: "Minutes",
  },
  commitments: {
    title: "Commitments",
    note: "Actions agreed in the calls of four weeks, as they stood when these weeks were counted. That one was moved to another date is not recorded yet, so it is not counted.",
    parts: { done: "Done", open: "Open" },
  },
  ratings: {
    title: "Ratings",
    note: "How useful people found their calls, from 1 to 5. Each person counts once in four weeks, by their average.",
    parts: { "1": "1", "2": "2", "3": "3", "4": "4", "5": "5" },
    average: "Average",
    people: (count: string) => (count === "1" ? "1 person" : `${count} people`),
    about: { about: "About", "at-most": "At most", "at-least": "At least" },
    latest: (average: string, people: string, from: string) =>
      `${average} of 5, by ${people} in the four weeks from ${from}`,
  },
} as const;
