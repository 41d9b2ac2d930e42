// Sentences that say what is not asked for: "No degree required", "You don't need experience with K8s".
import { mustWords, niceWords } from "./cues.ts";

const denials = [
  /\b(?:you|candidates|applicants) (?:(?:do|will|would|does) not|(?:don|won|wouldn|doesn)(?:'|’)t|never|needn(?:'|’)t) (?:(?:necessarily|actually|strictly) )?(?:(?:need|require)(?! to wait)|have to (?:have|be|know|hold)|(?:have|know|be)\b)/iu,
  /\b(?:nor|neither) (?:do|will|would) you (?:need|have to)\b/iu,
  /\bwe (?:do not|don(?:'|’)t|will not|won(?:'|’)t) (?:\w+ )?(?:need|require|expect|ask for|insist on|mind|care)\b/iu,
  /\bno (?!(?:visa|sponsorship|less|fewer)\b)[^.;:,?]{0,60}?\b(?:(?:is|are) )?(?:required|needed|necessary|expected)\b/iu,
  /^no (?:[\p{L}-]+ ){0,2}(?:experience|qualifications?|degree|cv)(?:\?|, no problem)/iu,
  /\b(?:(?:is|are|was)(?: not|n(?:'|’)t)|not|never) (?:strictly |actually |always )?(?:required|needed|necessary|expected|asked for|a (?:strict |hard )?requirement)\b/iu,
  /\bno requirement (?:to|for)\b/iu,
  /(?<!\p{L})(?:keine? [^.;:,?]{0,60}?|nicht )(?:erforderlich|nötig|notwendig|vorausgesetzt)(?!\p{L})/iu,
];
/** What turns it: "not required but helpful". */
const turned =
  /\b(?:but|though|although|while|whilst|helpful|useful|welcome|advantage|plus|bonus|nice|great|aber|hilfreich)\b/iu;

/** True where a sentence says so and asks for nothing beside it. */
export function isDenial(text: string): boolean {
  const denial = denials.find((one) => one.test(text));
  if (denial === undefined) return false;
  const rest = text.replace(denial, " ");
  return !turned.test(rest) && !mustWords.test(rest) && !niceWords.test(rest);
}
