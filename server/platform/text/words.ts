// Words of spoken text in any script: splitting, counting, a light English stem, and what carries no content.

const wordPattern = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}\p{N}]+)*/gu;
/** The same of text in plain English letters, at a third of the cost: a live call's every line comes here. */
const asciiWordPattern = /[a-z0-9]+(?:'[a-z0-9]+)*/g;
const notAscii = /[^\t\n\r -~]/;
/** Scripts that put no spaces between words; these runs are cut by the runtime's dictionary. */
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Lower-case words in order, apostrophes straight: `Don’t stop!` → `["don't", "stop"]`. */
export function wordsOf(text: string): string[] {
  if (!notAscii.test(text)) return text.toLowerCase().match(asciiWordPattern) ?? [];
  return (text.match(wordPattern) ?? []).flatMap((run) => {
    const word = run.toLowerCase().replaceAll("’", "'");
    return unspacedScript.test(word) ? cut(word) : [word];
  });
}

export function countWords(text: string): number {
  return wordsOf(text).length;
}

/** Content words in order, stemmed: what two sentences must share to be about the same thing. */
export function contentStems(words: readonly string[]): string[] {
  return words.filter(isContentWord).map(stem);
}

export function isContentWord(word: string): boolean {
  if (stopWords.has(word) || /^\d+$/.test(word)) return false;
  return word.length > 2 || unspacedScript.test(word);
}

/** Brings English forms of a word together; other languages pass nearly unchanged. Never longer than the word. */
export function stem(word: string): string {
  let base = word.replace(/'(s|re|ve|ll|d|t|m)$/, "");
  if (base.length > 4 && base.endsWith("ies")) base = `${base.slice(0, -3)}y`;
  else if (base.length > 4 && /(ss|sh|ch|x|z)es$/.test(base)) base = base.slice(0, -2);
  else if (base.length > 3 && base.endsWith("s") && !/(ss|us|is)$/.test(base)) base = base.slice(0, -1);
  if (base.length > 5 && base.endsWith("ing")) base = undouble(base.slice(0, -3));
  else if (base.length > 4 && base.endsWith("ed")) base = undouble(base.slice(0, -2));
  if (base.length > 5 && base.endsWith("ly")) base = base.slice(0, -2);
  if (base.length > 4 && base.endsWith("e")) base = base.slice(0, -1);
  return base;
}

function undouble(base: string): string {
  return /([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
}

function cut(run: string): string[] {
  return [...segmenter.segment(run)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** Function words, and the small change of conversation: words that are said about everything. */
const stopWords: ReadonlySet<string> = new Set(
  `a about above actually after again against ago ah aha ain't all almost alone along already alright also although always am an and
  another any anybody anymore anyone anything anyway anyways are aren't around as ask asked asking at away back basically be because been
  before behind being below besides best better between big bit both but by bye call called came can can't cannot cause certain certainly
  come comes coming could couldn't couple course definitely did didn't different do does doesn't doing don't done down during each either
  else enough er erm especially etc even ever every everybody everyone everything exactly fact far feel feeling feels felt few fine first
  for forth forward found from front full further gave general get gets getting give given gives giving go goes going gone gonna good got
  gotta gotten great guess had hadn't half happen happened happening happens hard has hasn't have haven't having he he'd he'll he's hello
  help here here's her hers herself hey hi high him himself his hm hmm hold hopefully how however huh i i'd i'll i'm i've idea if imagine in
  including indeed instead interesting into is isn't issue it it'd it'll it's its itself just keep kept kind kinda knew know knowing known
  knows large last later latter least left less let let's like liked likely likes little long longer look looked looking looks lot lots
  made main mainly make makes making many matter may maybe me mean meaning means meant mention mentioned mhm might mine mm moment more
  moreover most mostly much must my myself necessarily need needed needs neither never new next nice no nobody none nope nor normally not
  nothing notice now nowhere number obvious obviously of off often oh ok okay old on once one one's ones only onto open or other others
  otherwise ought our ours ourselves out over own part particular particularly people per perfect perhaps person piece place please plus
  point possible possibly pretty probably problem put quick quickly quite rather read reading real really reason reasons regarding right
  said same saw say saying says second see seeing seem seemed seems seen self sense set several shall she she'd she'll she's should
  shouldn't show side simply since small so some somebody somehow someone something sometimes somewhat somewhere soon sorry sort sorts
  sound sounds speak stand start started starting still stuff such suppose supposed sure take taken takes taking talk talked talking tell
  telling tend terms than thank thanks that that'd that'll that's the their theirs them themselves then there there'd there'll there's
  thereby therefore these they they'd they'll they're they've thing things think thinking third this those though thought thoughts through
  throughout thus till time times to today together told too took top totally toward towards tried true try trying turn twice two type uh
  uhm um under understand unfortunately unless unlike until up upon us use used useful uses using usually various very via wait want wanted
  wanting wants was wasn't way ways we we'd we'll we're we've well went were weren't what what's whatever when whenever where where's
  whereas wherever whether which while who who's whoever whole whom whose why will with within without won't wonder wondering word words
  work would wouldn't wow wrong yeah year years yep yes yet you you'd you'll you're you've your yours yourself yourselves yup zero three
  four five six seven eight nine ten hundred thousand million day days week weeks month months hour hours minute minutes stop able add
  added against ahead bad bring brought care change changed changes clear close deal easy end ended entire example feelings follow
  following gentleman getting happy head hear heard hope important less level line live lives living move moving name note order past
  present question questions remember run short start stay step stick sudden tonight tomorrow yesterday morning wanna whatsoever worked
  working works world write wrote answer agree agreed absolutely awesome cool correct great hundred list okey proper
  mister mrs miss honourable hon sir madam vocalsound disfmarker nonvocalsound pause gap inaudible crosstalk laughter laughs chuckle chuckles sigh sighs unintelligible`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
