// Every feature flag there is: a key that is not here is an error, and one whose time is over is to be taken out.

export interface FlagDefinition {
  /** What is on or off by it, for operators. */
  description: string;
  /** Who answers for it, a part of the house. */
  owner: string;
  /** While nobody has decided, and while the store cannot be asked for the first time. */
  default: boolean;
  /** From then on it must be decided for good, and its branch taken out of the code. */
  expiresOn: string;
  /** Clients are told its value, too. */
  client: boolean;
  /** Who falls on which side of a percentage together. */
  subject: "person" | "meeting";
  /** Administrators of organisations see how it stands for their organisation. */
  exposed: boolean;
}

export const flags = {
  "prompts.lull": {
    description: "Prompts for the coach when the talk stalls",
    owner: "prompts",
    default: true,
    expiresOn: "2027-12-31",
    client: false,
    subject: "meeting",
    exposed: true,
  },
  "prompts.triggers": {
    description:
      "Prompts for the coach by what is talked about and by the time, beside those when the talk stalls",
    owner: "prompts",
    default: true,
    expiresOn: "2027-12-31",
    client: false,
    subject: "meeting",
    exposed: true,
  },
  "transcript.search": {
    description: "The search box of transcripts, and searching them by HTTP",
    owner: "transcripts",
    default: true,
    expiresOn: "2027-12-31",
    client: true,
    subject: "person",
    exposed: true,
  },
} as const satisfies Record<string, FlagDefinition>;

export type FlagKey = keyof typeof flags;
export type ClientFlagKey = {
  [Key in FlagKey]: (typeof flags)[Key]["client"] extends true ? Key : never;
}[FlagKey];

export const flagKeys = Object.keys(flags) as FlagKey[];
export const clientFlagKeys = flagKeys.filter((key): key is ClientFlagKey => flags[key].client);
