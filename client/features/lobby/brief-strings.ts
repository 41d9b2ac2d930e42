// Words of the brief before a call.

export const briefStrings = {
  heading: "Brief for this call",
  rules: "Put together by rules",
  byModel: (name: string) => `Ideas by ${name}`,
  explained: "Made from recaps and profiles that you may read, for you alone. Nobody else sees yours.",
  writing: (name: string) => `${name} is writing ideas; until then they are by rules.`,
  dropped: (count: number) =>
    count === 1
      ? "1 idea of the model is left out: what it claims is not in what it cites."
      : `${count} ideas of the model are left out: what they claim is not in what they cite.`,
  loading: "Putting your brief together…",
  off: "Machines are switched off for this call, so there is no brief.",
  commitments: "Still open",
  noCommitments: "Nothing is open between you.",
  yours: "yours",
  noOwner: "nobody named",
  due: (words: string) => `due ${words}`,
  lastCalls: "Where the last calls ended",
  noOutcome: "no outcome stood out",
  ideas: "To open with",
  restsOn: "Rests on",
  profile: (name: string) => `${name}'s profile`,
  relevance: (share: number) => `relevance ${Math.round(share * 100)} %`,
} as const;
