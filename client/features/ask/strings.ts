// Words of the page for questions across calls.

export const askStrings = {
  title: "Ask your calls",
  under: "A question about what was said in calls of yours. Every answer leads to the words it comes from.",
  label: "Your question",
  placeholder: "What did we agree about the presentation?",
  ask: "Ask",
  asking: "Looking through your calls…",
  tooShort: "Ask with at least three letters.",
  emptyTitle: "Nothing asked yet",
  empty: "Try the words that were said: a name, a plan, a worry.",
  examples: [
    "What did I promise to do?",
    "What did we decide about the presentation?",
    "Which worries came up again?",
  ],
  examplesLabel: "Questions to begin with",
  nothingTitle: "Nothing was found",
  nothingCalls: "You have no calls that may be searched yet.",
  nothing: "Nothing in your calls has to do with that. Other words may find it.",
  noAnswer: "No sentence answers it by itself. The stretches below have to do with it.",
  answer: "Answer",
  extracted: "Sentences as they were said",
  extractedTitle: "Picked out by rules on this server, word by word, from what was said in your calls.",
  composed: (name: string) => `Written by ${name}`,
  composedTitle: "Each sentence was checked against the words beside it.",
  found: "Found in your calls",
  searched: (searched: number, calls: number) =>
    searched === calls
      ? `${calls === 1 ? "1 call" : `${calls} calls`} looked through`
      : `${searched} of ${calls} calls looked through`,
  show: (title: string, time: string) => `${title} at ${time}: show in the transcript`,
  privacy: "To your answers",
} as const;
