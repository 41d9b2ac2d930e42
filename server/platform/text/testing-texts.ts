// For tests: texts as they are spoken, pasted and damaged, from a seed.
import { randomNumbers } from "../testing-random.ts";

/** What of a text is written in: `plain` is what an English keyboard types, line breaks with it. */
export type TextKind = "plain" | "any";

const spoken =
  `um uh so well okay right yeah and but you you're you've i i'm i'd it's that's what how why when who tell me more wonder
  could would should do did is are have can maybe really good great thank want need think feel sounds like said if we let's try
  because people studies percent one two hundred times about else any or on the other hand part of constructor __proto__
  Monday ALL-CAPS x y's o'clock rock'n'roll dogs' 'tis well-known mm-hmm I-I-I you-- --and 3.5 1,000 2nd 24/7 10 to a@b.org
  C++ .NET snake_case [sic] <b> "quoted" (aside) {laugh}`.split(/\s+/);
const phrases = [
  "tell me ",
  "what if ",
  "how many ",
  "how about ",
  "what else ",
  "would it be okay if i ",
  "can i ask ",
  "on a scale ",
  "one to ten ",
  "it sounds like ",
  "i hear you ",
  "you said ",
  "you feel ",
  "you want ",
  "i think ",
  "i see ",
  "we'll ",
  "do you ",
  "Is that every week? ",
  "need to ",
  "if you ",
  "So you ",
  "at the same time ",
  "my name is ",
];
const plainMarks = [
  " ",
  " ",
  " ",
  " ",
  ", ",
  ". ",
  "? ",
  "! ",
  "; ",
  "\n",
  "\t",
  "\r\n",
  "-",
  " - ",
  "--",
  "'",
  "''",
  "",
  "...",
  '?"',
];
const otherWords =
  `café naïve Größe STRASSE straße ΣΑΣ ὈΔΥΣΣΕΎΣ İstanbul Iğdır ﬁne e\u0301te\u0301 a\u0301\u0327b \u0301 \u0301x don’t o’’clock
  l'été d’où d'\u0301 ٣٤ ½ ² Ⅷ हिन्दी में من می‌خواهم שלום 한국어 我今天很累 东京'abc ひらがな カタカナ ภาษาไทย ພາສາລາວ ភាសាខ្មែរ 𝒳𝓎 𠮷野 🙂 👩‍👩‍👧 🇩🇪 1️⃣ ☂\ufe0f`.split(
    /\s+/,
  );
const otherMarks = [
  "—",
  " – ",
  "’",
  "… ",
  "？",
  "。",
  "\u00a0",
  "\u200b",
  "\u2028",
  "\ufeff",
  "\u00ad",
  "\u0000",
  "\u0007",
  "\u007f",
  "\u0085",
  "\ud800",
  "\udc00",
];

/** So many texts, the same for the same seed; the empty one, and one of more than 20 000 characters among them. */
export function texts({ seed, count, kind }: { seed: number; count: number; kind: TextKind }): string[] {
  const random = randomNumbers(seed);
  const below = (end: number) => Math.floor(random() * end);
  const pick = (from: readonly string[]) => from[below(from.length)] ?? "";
  const isOther = () => kind === "any" && random() < 0.3;
  const letter = () => {
    if (!isOther()) return String.fromCharCode(32 + below(95));
    return String.fromCodePoint(random() < 0.7 ? below(0x3100) : below(0x110000));
  };
  const piece = () => {
    const form = random();
    if (form < 0.15) return Array.from({ length: 1 + below(6) }, letter).join("");
    if (form < 0.3) return pick(phrases);
    return pick(isOther() ? otherWords : spoken) + pick(isOther() ? otherMarks : plainMarks);
  };
  const textOf = (pieces: number) => Array.from({ length: pieces }, piece).join("");
  return ["", textOf(6_000), ...Array.from({ length: count - 2 }, () => textOf(1 + below(24)))];
}
