// Words of the recap's part in which one rates the call.

export const ratingStrings = {
  heading: "How was this call for you?",
  loading: "Loading your rating…",
  note: "Only you see your answer. Your organisation gets averages over several people, without names and without your words.",
  legend: "Your rating, from 1 to 5",
  scores: {
    1: "Not useful",
    2: "A little useful",
    3: "Useful in part",
    4: "Useful",
    5: "Very useful",
  } as Record<number, string>,
  comment: "What would have made it better?",
  commentHint: "For yourself: nobody else reads it.",
  save: "Save rating",
  change: "Save changes",
  saving: "Saving…",
  withdraw: "Take it back",
  changeable: (when: string) => `You can change it until ${when}.`,
  over: (when: string) => `The time to rate this call ended on ${when}.`,
  choose: "Choose a number first.",
  unsaved: "Not saved yet.",
  saved: "Saved.",
  withdrawn: "Your rating was taken back.",
  yours: (score: number, words: string) => `${score} of 5: ${words}`,
} as const;
