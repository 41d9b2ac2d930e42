// Words of the page about encryption.

const documents = (count: number) => `${count.toLocaleString()} ${count === 1 ? "document" : "documents"}`;

export const encryptionStrings = {
  title: "Encryption",
  under: "Names, addresses and emails to people are stored encrypted. Here you see with which key.",
  loading: "Loading the keys…",
  keys: "Keys",
  none: "Nothing is encrypted",
  noneText:
    "Names, addresses and emails are stored as they are. Set ENCRYPTION_KEYS (npm run keys prints a key), start again, and come back.",
  source: {
    setting: "From ENCRYPTION_KEYS.",
    file: "From the key file in DATA_DIR. Keep a copy of it elsewhere: backups do not hold it, and without it this data is lost.",
    none: "",
  },
  states: {
    primary: "Encrypts",
    needed: "Needed by older data",
    removable: "Can be removed",
    unused: "Not used yet",
  },
  counted: (count: number | null) => (count === null ? "Not counted yet" : documents(count)),
  since: (when: string) => `used since ${when}`,
  plain: "Without encryption",
  unreadable: (count: number) =>
    `${documents(count)} cannot be decrypted with any key here: the log names them. The key they need is kept.`,
  countedAt: (when: string) => `Counted ${when}`,
  change: "Change of keys",
  running: (target: string, percent: number) => `Encrypting with ${target}: ${percent} %`,
  progress: "How far the change of keys is",
  changed: (count: number) =>
    `${documents(count)} encrypted anew so far. You can leave this page; it goes on.`,
  finished: (target: string, when: string, count: number) =>
    `Everything is under ${target} since ${when}; ${documents(count)} were encrypted anew.`,
  never: "There was none yet.",
  start: "Count and encrypt anew",
  carryOn: "Carry on",
};
