// What calls to paid services may cost and have cost: reserved before a call, settled after it.

export interface Prices {
  /** For a million tokens each, in whichever currency the installation counts; for speech, `input` is for a million seconds. */
  input: number;
  output: number;
}

export interface PlannedCall {
  /** Such as `language`. */
  kind: string;
  model: string;
  /** Null: people outside any organisation, who share one budget. */
  orgId: string | null;
  meetingId: string | null;
  /** Which instructions were sent, by their name and by the hash of what stood there. */
  promptVersion: string;
  promptHash: string;
  /** Estimated, rather too many than too few. */
  tokens: number;
  cost: number;
}

export interface SettledCall {
  inputTokens: number;
  outputTokens: number;
  cost: number;
  /** `ok` or the code of what went wrong. */
  outcome: string;
  ms: number;
}

export interface Ledger {
  /** Throws RATE_LIMITED with the reason `budget` where today's budget of the organisation does not hold it. */
  reserve(call: PlannedCall): Promise<Reservation>;
}

export interface Reservation {
  /** Writes the call down and gives back what was not used. */
  settle(call: SettledCall): Promise<void>;
}

export function costOf(prices: Prices, { input, output }: { input: number; output: number }): number {
  return (input * prices.input + output * prices.output) / 1_000_000;
}

/** About how many tokens a text has, rather too many than too few: English has four characters a token, others fewer. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}
