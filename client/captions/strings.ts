// Words around the choice of who turns one's speech into lines.
export const captionsStrings = {
  label: "Who writes down what I say",
  options: {
    browser: "This browser",
    server: (name: string) => `The server's speech service (${name})`,
    typed: "Nobody: I type lines",
  },
  /** In one line, who writes just now. */
  by: {
    browser: "Your words: by this browser",
    server: (name: string) => `Your words: by ${name}`,
    typed: "Your words: by nobody, you type",
  },
  notIn: "not in this browser",
  switchedOff: "switched off for this meeting",
  browser: "Some browsers use their maker's speech service for that.",
  goesTo: (name: string) => `Sound goes to ${name}, in pieces of up to 15 seconds, and is not kept here.`,
  needs: "It needs your yes to being written down, and to machines.",
  typed: "You can type lines for the transcript in the call.",
  none: "This browser cannot recognise speech. In the call you can type lines for the transcript instead.",
} as const;
