// Words of the brief before a call.

export const briefStrings = {
  heading: "Brief for this call",
  rules: "Put together by rules",
  explained: "Made on this server from recaps and profiles that you may read. Nobody else sees yours.",
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
