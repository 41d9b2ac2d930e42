// What people say when they ask, mirror, inform, and speak for or against a change: the cues the classifiers look for.

/** Words that open a turn without saying anything: looked through before the turn's first real word. */
export const opener =
  /^(?:(?:um+|uh+|er|hmm*|mm+|mm-hmm|mhm|uh-huh|okay|ok|right|yeah|yes|yep|all right|alright|so|well|and|but|now|oh|great|good|sure|i see|you know|like)[\s,.!-]+)+/i;

const questionWord = /\b(?:what|how|why|where|when|who|which)\b/;
const auxiliaries =
  "do|does|did|are|is|was|were|can|could|would|will|have|has|had|should|may|might|don't|isn't|aren't|didn't";

/** How a question begins, by the first word of its sentence. */
export const questionOpenings: readonly (readonly [name: string, cue: RegExp])[] = [
  ["word", /^(?:what|how|why|where|when|who|which)/],
  ["auxiliary", new RegExp(`^(?:${auxiliaries})\\b`)],
  ["statement", /^(?:you|your|you're|you've|it|it's|that|that's|they|he|she|we)\b/],
];

/** Cues in what a coach says. Matched against lower-case text with straight apostrophes. */
export const coachCues: Readonly<Record<string, RegExp>> = {
  questionWord,
  what: /\bwhat\b/,
  how: /\bhow\b/,
  why: /\bwhy\b/,
  howMuch: /\bhow (?:many|much|long|often|old|soon|far)\b/,
  whatIf: /\bwhat if\b/,
  howAbout: /\b(?:how|what) about\b/,
  whatElse: /\b(?:what|anything|something) else\b/,
  tellMe: /\btell me\b|\bdescribe\b|\bhelp me understand\b|\bsay more\b|\bwalk me through\b/,
  wonder: /\bwonder(?:ing)?\b|\bcurious\b/,
  inversion: new RegExp(
    `(?:^|[.?!,;] ?|\\b(?:so|and|but|or|then) )(?:${auxiliaries}) (?:you|we|they|he|she|it|i|there|that|this|your)\\b`,
  ),
  tag: /\b(?:right|isn't it|is that (?:right|correct|fair)|am i right|have i got (?:that|it)|correct|okay)\??$/,
  scale: /\bscale\b|\b(?:1|one|0|zero) to (?:10|ten)\b/,
  permission:
    /\b(?:would|is) it (?:be )?(?:okay|ok|all right|alright)\b|\b(?:do|would) you mind\b|\b(?:can|may|could) i (?:ask|share|tell|give|suggest)\b|\bif (?:it's|that's) (?:okay|ok|all right|alright)\b/,
  or: /\bor\b/,
  any: /\b(?:any|anything|anyone|ever)\b/,
  soYou: /\b(?:so|and|but) (?:you|you're|you've|you'd|your)\b/,
  youFirst: /^(?:you|you're|you've|you'd|your)\b/,
  soFirst: /^so\b/,
  itFirst: /^(?:it's|that's|this is|it is|that is|it was|that was|there's)\b/,
  soundsLike: /\b(?:sounds|seems|looks|feels) like\b|\bit (?:sounds|seems)\b/,
  hearYou:
    /\bi hear\b|\b(?:hearing|heard) (?:you|is|that)\b|\byou(?:'re| are) (?:saying|telling|feeling|talking)\b|\byou (?:said|mentioned|told)\b/,
  youFeel:
    /\byou (?:really )?(?:feel|felt|want|wanna|think|know|like|love|care|need|see|enjoy|value|worry|believe|understand|recognize|realize|hope|wish|don't|do|have|can|can't|could)\b/,
  youAre: /\byou(?:'re| are)\b/,
  youHave: /\byou(?:'ve| have)\b/,
  bothSides: /\bon (?:the )?one (?:hand|side)\b|\bon the other\b|\bat the same time\b|\b(?:a )?part of you\b/,
  hedge: /\b(?:kind of|sort of|a little|a bit|maybe|almost|really|pretty)\b/,
  feeling:
    /\b(?:frustrat\w+|worri\w+|scar\w+|angry|upset|sad|happy|excited|confiden\w+|stress\w*|anxious|overwhelm\w*|concern\w*|tough|difficult|hard|important|ready|motivat\w+|afraid|tired|proud|guilty|lonely|ashamed|nervous)\b/,
  i: /\bi(?:'m|'d|'ve|'ll)?\b/,
  iThink: /\bi (?:think|believe|guess|feel|know)\b/,
  iWant: /\bi(?:'d| would)? (?:like|want|wanted|need|suggest|recommend|encourage)\b/,
  iSee: /\bi (?:understand|see|get|hear)\b/,
  we: /\bwe(?:'re|'ll|'ve|'d)?\b/,
  should: /\b(?:should|need to|have to|must|ought|gotta|got to|supposed to)\b/,
  could: /\b(?:could|might|may|can)\b/,
  ifYou: /\bif you\b/,
  letUs: /\blet's\b|\blet me\b|\bwe(?:'ll| will| can)\b/,
  imperative:
    /(?:^|[.!?] )(?:try|take|make|think|go|get|keep|give|call|come|look|remember|stop|talk|don't|start)\b/,
  because: /\bbecause\b/,
  knowledge:
    /\b(?:studies|research|study|evidence|percent|risk|risks|cause|causes|disease|doctor|medication|medicine|treatment|program|per|recommend(?:ed)?|guidelines?|information|people|patients|women|men|children)\b/,
  others:
    /\b(?:some|other|many|most|a lot of) people\b|\b(?:one|another) (?:thing|of the things|option|way)\b/,
  number: /\d|\b(?:one|two|three|four|five|six|seven|ten|twenty|hundred)\b/,
  praise:
    /\b(?:great|good|excellent|wonderful|awesome|fantastic|congratulations|proud|glad|nice|appreciate|thank you|thanks|impressive)\b/,
  greeting:
    /\b(?:hi|hello|hey|welcome|good (?:morning|afternoon)|nice to (?:meet|see)|bye|goodbye|take care)\b/,
  myName: /\bmy name(?:'s| is)\b/,
};

/** Cues in what a coachee says. */
export const coacheeCues: Readonly<Record<string, RegExp>> = {
  iWant:
    /\bi(?:'d| would)? (?:really |just |definitely |kind of )?(?:want|wanna|like|love|hope|wish|need|gotta|have to|should)\b/,
  want: /\b(?:want|wanna|hope|wish)\b/,
  need: /\b(?:need|needs|have to|got to|gotta|should|must)\b/,
  dontWant:
    /\b(?:don't|do not|didn't|doesn't) (?:really |wanna |even )?(?:want|need|like|think|know|see|feel|care|wanna|have|mind)\b/,
  will: /\b(?:i'll|i will|i'm (?:going to|gonna)|gonna|going to|plan)\b/,
  wont: /\b(?:won't|will not|not going to|not gonna)\b/,
  can: /\b(?:i can|i could|i'd be able|able to|i think i can)\b/,
  cannot: /\b(?:can't|cannot|couldn't|unable)\b/,
  trying: /\b(?:try|tried|trying|start|started|starting|work on|working on)\b/,
  changing:
    /\b(?:quit|stop|stopped|stopping|quitting|cut(?:ting)? (?:back|down)|reduce|less|lose|lost|change|changing|give (?:it|them) up|giv(?:e|ing) up|lower)\b/,
  better: /\b(?:better|healthier|health|healthy|improve|good for|help|helps|helped|benefit)\b/,
  worse:
    /\b(?:worse|bad|sick|worried|worry|scared|scary|afraid|problem|problems|trouble|hurt|hurting|pain|die|dying|dead|concern\w*)\b/,
  enjoy:
    /\b(?:enjoy|fun|like it|i like|love|relax\w*|calm\w*|cope|stress\w*|social\w*|friends|party|feels? good|taste)\b/,
  hard: /\b(?:hard|difficult|tough|impossible|tempt\w+|crav\w+|addict\w+|habit)\b/,
  fine: /\b(?:i'm fine|not (?:a|that|really|so) (?:problem|bad|big|much|worried)|no big deal|doesn't bother|never (?:had|been)|nothing wrong|it's fine|under control|everybody|everyone|normal)\b/,
  but: /\bbut\b/,
  because: /\b(?:because|'cause|cause)\b/,
  family:
    /\b(?:kids?|children|daughter|son|wife|husband|mom|mother|dad|father|family|baby|grandchildren|girlfriend|boyfriend|parents)\b/,
  unsure: /\b(?:i don't know|not sure|i guess|maybe|i suppose|dunno)\b/,
  yes: /^(?:yeah|yes|yep|sure|definitely|absolutely|right|okay|exactly|of course|true|that's right|that's true)\b/,
  no: /^(?:no|nope|nah|not really)\b/,
  never: /\bnever\b/,
  soon: /\b(?:tomorrow|today|next week|soon|now|monday)\b/,
  negation: /\b(?:not|don't|can't|won't|didn't|isn't|wasn't|doesn't|never|no)\b/,
  amount: /\d|\b(?:one|two|three|four|five|six|ten|twenty|couple|few|pack|day|week)\b/,
  ready: /\b(?:ready|willing|motivated|confident|determined|important|goal|decide\w*|commit\w*)\b/,
  others: /\b(?:they|he|she|my (?:doctor|boss|wife|mom|husband))\b/,
  past: /\b(?:was|were|had|did|used to|went)\b/,
  iFeel: /\bi (?:feel|felt|think|thought|know|realize|understand)\b/,
  would: /\b(?:would|could|might)\b/,
  soFirst: /^so\b/,
  thatWorks: /\bthat(?:'s| would| sounds| makes| works| could)\b/,
  good: /\b(?:good|great|nice|cool|awesome|okay|helpful|easy|works?)\b/,
  greeting: /\b(?:thank|thanks|bye|hi|hello|hey)\b/,
};
