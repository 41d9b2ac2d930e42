// Headings of postings: what stands under them, as far as their words say it.
import { asWords, germanHeadings } from "./german.ts";

/** `asked` leaves open whether it is required or welcome: "Person specification" stands above both. */
export type HeadingKind = "must" | "nice" | "asked" | "duties" | "other" | "unknown";

/** The first that fits counts: "Preferred qualifications" are welcome, "Essential functions" are duties. */
const kinds: readonly { kind: HeadingKind; pattern: RegExp }[] = [
  {
    kind: "nice",
    pattern:
      /\b(?:desir(?:able|ed)|preferred|preferably|nice[- ]to[- ]haves?|good[- ]to[- ]haves?|bonus(?: points)?|advantages?|advantageous|optional|pluses|an? (?:big )?plus|even better|extra (?:credit|points)|(?:would|could|might) (?:be|help|set|also|like|love)|may also|assets?|ideally|highly regarded|well regarded|not (?:essential|required)|we(?:'|’)d (?:love|like)|brownie points|stand out|set you apart|additional (?:skills|qualifications|experience)|beneficial|helpful|welcome)\b/iu,
  },
  {
    kind: "duties",
    pattern:
      /\b(?:(?:essential|key|main|primary|core) (?:functions?|duties|tasks|responsibilities|accountabilities)|duties|what you(?:'|’)?(?:ll| will| would|'d|’d)? (?:be )?(?:do|doing|own|work on)|the (?:work|job) (?:is|looks))\b/iu,
  },
  {
    kind: "other",
    pattern:
      /\b(?:benefits?|perks|package|pay(?: and|$|:)|what you(?:'|’)?(?:ll)? get|you(?:'|’)?(?:ll)? get|what(?:'|’)?s in it|we offer|we(?:'|’)ll offer|our offer|about (?:us|the (?:company|team|service|organi[sz]ation|business|department|school|trust|client))|who we are|what we are|our (?:company|values|culture|story|mission|team|offer|benefits)|how to apply|to apply|applications?$|equal opportunit|diversity|compensation|salary|remuneration|pay range|location|privacy|the offer|why (?:join|work|us|you(?:'|’)ll love)|further information|additional information|interview process|hiring process|next steps|closing date)\b/iu,
  },
  {
    kind: "must",
    pattern:
      /\b(?:essentials?|required|requires|requirements?|must(?:[- ]haves?)?|minimum|mandatory|basic qualifications|you(?:'|’)?(?:ll| will)? need|need to have|what we ask|to be considered|prerequisites?|non-negotiables?)\b/iu,
  },
  {
    kind: "asked",
    pattern:
      /\b(?:qualifications?|you (?:have|bring|are|know|can)|you(?:'|’)?(?:ll| will) (?:have|bring|be)|your (?:profile|skills|experience|background|qualifications)|you offer us|who you are|what you bring|what we(?:'|’)?(?:re| are) (?:looking|searching) for|we(?:'|’)?(?:re| are) looking for|what we look for|skills|about you|person specification|(?:ideal|successful|right) (?:candidate|applicant)|candidate (?:profile|will)|knowledge|experience|education|competenc(?:y|ies)|profile|selection criteria|your strengths|personal(?: (?:qualities|attributes|characteristics|circumstances))?$|criteri(?:a|on)$|other factors|(?:special|physical) (?:aptitudes?|requirements?|circumstances)|disposition|aptitudes?)\b/iu,
  },
  {
    kind: "duties",
    pattern:
      /\b(?:responsibilities|responsibilit(?:y|ies) include|accountabilities|you(?:'|’)?(?:ll| will| would)(?: also)?(?: be)?:?$|your (?:role|tasks|mission|day|job|work|responsibilities)|(?:the|this|about the|job|in this|role) (?:role|job|position|post|purpose|description|summary|overview|opportunity)|role|day[- ]to[- ]day|tasks|a typical day|what (?:your|the) (?:job|work|role)|what awaits you|purpose|mission|you will)\b/iu,
  },
];

const inGerman = Object.entries(germanHeadings).map(([kind, sources]) => ({
  kind: kind as keyof typeof germanHeadings,
  pattern: new RegExp(asWords(sources), "iu"),
}));

export function headingKindOf(line: string): HeadingKind {
  return [...inGerman, ...kinds].find(({ pattern }) => pattern.test(line))?.kind ?? "unknown";
}

/** Set off by its own look: with a colon, in capitals, or marked. */
export function isMarkedHeading(line: string): boolean {
  const words = line.split(/\s+/u).length;
  if (/^#{1,6}\s|^\*\*[^*]+\*\*:?$/u.test(line)) return words <= 12;
  // Nothing else is said so, whatever stands around it.
  if (/^(?:essential|desirable)(?: (?:criteria|skills|experience|qualifications))?$/iu.test(line))
    return true;
  if (/^[^.;!?]+:$/u.test(line)) return words <= 14;
  return (
    words <= 8 &&
    !/[.;,]$/u.test(line) &&
    !/\d{2}/u.test(line) &&
    /\p{Lu}{3}/u.test(line) &&
    line === line.toUpperCase()
  );
}

/** Short, and not a sentence: a heading where it stands as one. */
export function mayBeHeading(line: string): boolean {
  const words = line.split(/\s+/u).length;
  return words <= 8 && !/[.;,!]$/u.test(line) && !/\d{2}|[|•]/u.test(line) && /^["“'‘]?\p{Lu}/u.test(line);
}
