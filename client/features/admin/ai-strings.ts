// Words of the page about models.

const known: Readonly<Record<string, string>> = {
  timeout: "took too long",
  network: "could not be reached",
  "bad-answer": "broke off its answer",
  "http-401": "refused the key",
  "http-403": "refused the key",
  "http-429": "had too much to do",
};

export const aiStrings = {
  title: "Models",
  under:
    "Which machine reads what people say in your organisation's calls, how it stands, and what it costs. No words of calls are shown here.",
  loading: "Loading how the models stand…",
  use: {
    title: "Who may read",
    label: "In this organisation's calls",
    options: {
      model: "What is configured, where people agree",
      rules: "Rules on this server alone",
      off: "No machine at all",
    },
    hints: {
      model:
        "A model is given the words of those alone who have said yes. Hosts can be stricter for a meeting.",
      rules: "Nothing of your calls leaves this server for a model. Rules still pick out what was said.",
      off: "No recap, prompt or search by a machine from now on. Recaps of before stay.",
    },
    saved: "Saved. It counts from now on.",
    changed: (when: string) => `Last changed ${when}`,
  },
  services: "Services",
  kinds: {
    language: "Reading calls",
    embeddings: "How close texts are",
    vectors: "Searching",
    speech: "Writing recordings down",
    video: "Sound and picture of calls",
  },
  providers: {
    rules: "Rules on this server",
    lexical: "Counts of words on this server: it finds the same words, not the same meaning",
    memory: "In this server's memory",
    "peer-to-peer": "Between browsers",
    stream: "Stream",
    none: "Not configured",
  } as Readonly<Record<string, string>>,
  modes: { local: "On this server", vendor: "A service", off: "Off" },
  circuits: {
    closed: "Answering",
    "half-open": "Being tried again",
    open: "Left alone after failures: rules read meanwhile",
  },
  never: "Not asked since this server began.",
  counts: (succeeded: number, failed: number) =>
    `${succeeded.toLocaleString()} ${succeeded === 1 ? "answer" : "answers"}, ${failed.toLocaleString()} ${
      failed === 1 ? "failure" : "failures"
    } since this server began.`,
  lastFailure: (code: string, when: string) =>
    `Last failure ${when}: it ${known[code] ?? `answered with an error (${code})`}.`,
  today: "Used today",
  calls: (count: number) => (count === 1 ? "1 question" : `${count.toLocaleString()} questions`),
  tokens: (used: number, most: number) =>
    most === 0
      ? `${used.toLocaleString()} tokens; there is no bound.`
      : `${used.toLocaleString()} of ${most.toLocaleString()} tokens`,
  cost: (used: number, most: number) =>
    most === 0
      ? `Cost ${used.toFixed(2)}, by the prices that are configured; there is no bound.`
      : `Cost ${used.toFixed(2)} of ${most.toFixed(2)}`,
  tokensLabel: "Share of today's tokens",
  costLabel: "Share of today's cost",
  day: "The day is that of UTC. When it is used up, rules read until the next one.",
} as const;
