// How the words of a stretch of talk sound, by a list: words of ease against words of strain, in English. No reading of people.
import { stem, wordsOf } from "./words.ts";

export interface Sentiment {
  /** From -1 to 1; null where no word of the lists was said. */
  score: number | null;
  /** The words that were counted, as they were said: whoever doubts the score can see what it rests on. */
  ease: string[];
  strain: string[];
}

/** So many words that were not said are taken for neutral: one word alone is a third of the scale. */
const doubt = 2;
/** A negation turns what comes within so many words after it. */
const negationReach = 3;

/**
 * (ease − strain) / (ease + strain + 2), in hundredths. "Not happy" counts as strain, "not worried" as ease. It knows
 * neither irony nor quotation nor what a word is said of, and no language but English: of use to see where a talk was
 * heavy or light, and for nothing else.
 */
export function sentimentOf(text: string): Sentiment {
  const ease: string[] = [];
  const strain: string[] = [];
  let negatedFor = 0;
  for (const word of wordsOf(text)) {
    const base = stem(word);
    const sign = easeStems.has(base) ? 1 : strainStems.has(base) ? -1 : 0;
    if (sign !== 0) (sign > 0 === negatedFor > 0 ? strain : ease).push(word);
    negatedFor = isNegation(word) ? negationReach : negatedFor - 1;
  }
  const counted = ease.length + strain.length;
  if (counted === 0) return { score: null, ease, strain };
  return { score: Math.round((100 * (ease.length - strain.length)) / (counted + doubt)) / 100, ease, strain };
}

function isNegation(word: string): boolean {
  return negations.has(word) || word.endsWith("n't");
}

const negations = new Set(["not", "no", "never", "neither", "nor", "without", "hardly", "cannot"]);

function stemsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).map(stem));
}

// Chosen by hand: words that say how something is for somebody in nearly every sentence in which they are used. Words
// that are as often a filler ("good", "fine", "great", "like", "sorry", "hard") are left out.
const easeStems = stemsOf(
  `happy glad grateful thankful proud confident hopeful excited delighted relieved calm relaxed motivated inspired
  enjoy enjoyed enjoyable love loved fun joy satisfied pleased energized energised encouraged encouraging optimistic
  comfortable peaceful wonderful fantastic success successful succeed progress improve improved improvement achieve
  achieved accomplish accomplished celebrate helpful supportive easier healthier stronger`,
);
const strainStems = stemsOf(
  `sad unhappy angry anger upset worried worry anxious anxiety afraid scared fear stress stressed stressful overwhelmed
  overwhelming exhausted exhausting tired frustrated frustrating frustration annoyed disappointed disappointing ashamed
  shame guilty guilt lonely hopeless depressed depressing depression hurt pain painful suffer suffering struggle
  struggling struggled stuck fail failed failing failure terrible awful horrible hate hated regret discouraged
  miserable nervous panic conflict argue argument burnout`,
);
