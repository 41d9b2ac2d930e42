// What the words of a posting say of a line: whether something is asked for, how firmly, or whether it is a duty or an offer.
import { asWords, german } from "./german.ts";

/** English words with what they are in German postings. */
const also = (english: RegExp, sources: string) => new RegExp(`${english.source}|${asWords(sources)}`, "iu");

/** Something is needed, in so many words. */
export const mustWords = also(
  /\b(?:must(?! be fun)|essential|required|requires?|mandatory|need(?:s|ed)? to (?:have|be|hold|know|speak|show|bring)|you(?:'|’)?(?:ll| will)? need|at least|minimum(?! (?:of )?(?:supervision|guidance))|min\.|prerequisite|necessary|non-negotiable|no less than|only (?:candidates|applicants) with|we need (?:someone|somebody|a person|people))\b/iu,
  german.must,
);

/** Something is welcome, in so many words. */
export const niceWords = new RegExp(
  [
    String.raw`nice[- ]to[- ]haves?|good[- ]to[- ]haves?|would be nice|preferr(?:ed|able)|preferabl[ey]|preferentially|with (?:a )?preference`,
    String.raw`desir(?:able|ed)|bonus points|bonus if|(?:as|is) a bonus|(?:a|huge|big|strong|real|definite|distinct) (?:plus|asset|bonus|advantage)|is a \+`,
    String.raw`(?:is|are|as) (?:an? )?(?:added |additional )?(?:plus|asset|bonus|advantage)|an? (?:added|additional|big|strong|clear|distinct) (?:plus|bonus|advantage|asset)|an (?:asset|advantage)`,
    String.raw`ideally|advantageous|beneficial|optional|if possible|where possible|not (?:essential|required|necessary|mandatory|a must)|no(?:t)? (?:a )?requirement`,
    String.raw`(?:(?:would|will|could|can|may|might)|(?:'|’)d) (?:also )?be (?:an? )?(?:(?:particularly|especially|very|really|extremely|most|highly|real|definite|huge) )?(?:great|lovely|fantastic|brilliant|ideal|beneficial|viewed favou?rably|seen as|delighted|good|useful|helpful|welcome|nice|valuable|interesting|handy|plus|bonus|asset|advantage|looked upon favou?rably|(?:highly )?regarded|appreciated|considered)`,
    String.raw`(?:is|are) (?:also |very |particularly |most )?(?:helpful|welcome|useful|handy|appreciated|valued|a benefit)|(?:highly|favou?rably|well) regarded|much appreciated|looked (?:up)?on favou?rably`,
    String.raw`would (?:really )?help|(?:it )?helps if|comes? in handy|not a deal-?breaker|nice extra|would be of (?:help|use|interest)|we(?:'|’)d (?:love|like) (?:it )?if|(?:even|all the) better if|extra credit|brownie points|that would be great`,
  ]
    .map((part) => String.raw`\b(?:${part})(?![\p{L}])`)
    .concat(asWords(german.nice))
    .join("|"),
  "iu",
);

/** A line speaks of what somebody has, knows or is. */
export const requirementWords = also(
  /\b(?:experienced?|knowledge|proficien(?:t|cy)|ability to|able to|familiar(?:ity)?|understanding|understands?|degree|qualifications?|qualified|certificat(?:e|es|ion|ions)|certified|licen[cs]e[ds]?|registration|registered|accredit(?:ed|ation)|skills?|skilled|fluen(?:t|cy)|native speakers?|background(?! check)|track record|record (?:of|in)|competen(?:t|ce|cy|cies)|expertise|expert|years?(?:'|’)?|diploma|bachelor(?:'|’)?s?|master(?:'|’)?s degree|mba|phd|ph\.d|msc|bsc|gcses?|graduate|graduation|trained|training in|confident|comfortable|willing(?:ness)?|eligib(?:le|ility)|authori[sz]ed to|entitled to|right to work|citizen(?:ship)?|command of|grasp of|proven|demonstrat(?:ed|able)|evidence of|commitment to|passion(?:ate)?|eye for|exposure to|interest in|worked (?:in|with|on|at|for|as)|hands-on|portfolio|publications?|team player|self-motivated|well[- ]organi[sz]ed|detail[- ]oriented|physically (?:fit|able)|medically fit|available|availability|own (?:car|transport|vehicle)|driver(?:'|’)?s? licen[cs]e|dbs|background check|drug (?:screen|test))\b/iu,
  german.requirement,
);

/** Firmness and weight that words of obligation do not need: length of experience, formal papers, plain strength. */
const firm = also(
  /(?:\b\d{1,3}\s?(?:\+|plus|-|–|to)?\s?\d{0,3}\s*(?:\+ )?years?\b|\b(?:one|two|three|four|five|six|seven|eight|ten|several) (?:or more )?years?\b|\b(?:year or more|(?<!master(?:'|’)s )degree|diploma|bachelor(?:'|’)?s?|registered|registration|right to work|eligib|authori[sz]ed|entitled|fluent|proven|demonstrated|demonstrable|strong|solid|sound|deep|excellent|advanced|extensive|expert|ability to|able to|track record|confident|comfortable|willing|high school|gcse|clear (?:written|spoken|understanding|communicat)|good (?:written|spoken|english|interpersonal)|communication|team player|reliable|punctual|physically|available|years or older|driver(?:'|’)?s? licen[cs]e|driving licen[cs]e|own transport)|^you (?:are|can|have|know|speak|write|work|hold|like)\b)/iu,
  german.firm,
);

/** What is asked for with half a voice. */
const soft = also(
  /\b(?:familiar(?:ity)? with|exposure to|some (?:knowledge|experience|insight|understanding|statistics)|any experience|first experience|interest in|a liking|(?:previous|prior|past) (?:experience|work)|experience (?:of|in|with|as|at|running|facing|using) |background in|worked (?:in|with|on|at|for)|contributions?|publications?|certification in|certified in|award|further|additional|second language|third language|another language|other languages?|conversational|such as|or similar|or willing|or the wish|or keen|willing(?:ness)? to learn|membership|volunteer|first aid|hobby|master(?:'|’)?s degree|phd|trained? (?:in|to teach))\b/iu,
  german.soft,
);

/** What the work consists of: lines that begin with one of these, in its plain form or as "-ing", tell of duties. */
const dutyVerbs = new Set(
  `accompany achieve act adapt address adjust administer advise advocate aid align analyse analyze answer apply appoint
   approve arrange articulate assemble assess assign assist attend audit automate balance be book brief bring build buy
   calculate calibrate care carry champion change chase check clean cite-check close coach collaborate collate collect
   communicate compile complete conduct configure consult contribute control convert cook coordinate co-ordinate count
   craft create cross-sell cultivate cut cycle debug define deliver demonstrate deploy design detect determine develop
   devise diagnose direct dispense display distribute document draft drive edit educate enable encourage engage ensure
   enter escalate establish estimate evaluate examine execute expand explain explore facilitate feed file fill find fix
   follow forecast foster fulfil fulfill gather generate give grow guide hand handle harvest help hire hit hold host
   identify implement improve influence inform initiate innovate inspect install instruct integrate interpret interview
   introduce investigate issue iterate keep launch lay lead learn liaise lift listen load look maintain make manage
   market measure meet mentor merchandise migrate mix model moderate monitor motivate move negotiate observe offer open
   operate optimise optimize order organise organize oversee own pack package participate partner patrol perform pick pilot
   place plan plant play populate prepare present prevent prioritise prioritize process procure produce programme program
   promote propose protect prototype provide publish pull purchase push raise reach receive recommend reconcile record
   recruit reduce refine register repair replace reply report represent research resolve respond restock review route run
   safeguard schedule scope screen secure sell send serve service set settle shape share ship solve source spearhead
   specify sort staff stock streamline strengthen submit supervise supply support take talk tailor teach tell test trace
   track train transform translate transport travel treat triage troubleshoot try turn uncover undertake unload update upload
   upsell use validate verify visit walk watch wash weld welcome work write`.split(/\s+/u),
);
/** A verb, and as often what somebody has: they say nothing by themselves. */
const alsoNouns = new Set(
  `be care design process program programme research support service train travel work market record report sort staff lead
   use run play travel test help offer model`.split(/\s+/u),
);

const offers = new RegExp(
  [
    String.raw`[$€£₹¥]\s?\d|\b(?:usd|eur|gbp|chf|aed|sgd|aud|pln|zar)\s?\d|\d\s?(?:usd|eur|gbp|chf|pln)\b`,
    String.raw`\b(?:salary|wages?|remuneration|compensation|holidays?|vacation|annual leave|days (?:off|of (?:leave|holiday|annual))|days? (?:leave|holiday)|(?:paid|parental|sick) (?:time|leave|days|visits)|time off|pto|pension|401\s?\(?k\)?|insurance|superannuation|stock options?|equity(?: after|$)|shares|ownership after|discounts?|perks?|benefits?|gym|allowance|nursery|canteen|free (?:coffee|parking|lunch|meals?|food|fruit|care|bag|transport|uniform)|parking|bike|cycle to work|cycle scheme|shuttle|relocation|bonus (?:scheme|plan)|(?:quarterly|yearly|annual|performance|referral|signing) bonus|flexible (?:hours|working)|flexi-?time|remote[- ]first|home office budget|learning budget|budget (?:of|for) (?:training|learning|hardware|books|conferences|professional)|career progression|development opportunities|tuition|hmo|health (?:cover|plan|care plan)|medical (?:cover|and dental)|dental,? vision|overtime pay|night differential|shift differential|visa sponsorship|uncapped|ote|team (?:events|lunch)|birthday|christmas party|wellbeing|uniform provided|\d+-hour week|days of the week|paid (?:training|overtime|meal))\b`,
    String.raw`\b(?:we|you(?:'|’)?ll|you will|you) (?:offer|pay|get|receive|provide you|give you|enjoy)\b|\bwe ship\b`,
    asWords(german.offers),
  ].join("|"),
  "iu",
);

/** The company of itself, how to apply, and what the law has it say. */
const company = also(
  /\b(?:equal[- ](?:opportunit|employment)|rehabilitation of offenders|submission for disclosure|regardless of|without regard to|discriminat|reasonable (?:adjustment|accommodation)|protected characteristic|encourage applications|applicants from (?:every|all)|closing date|apply (?:by|now|online|via|through)|send (?:us |your )|your cv|cover(?:ing)? letter|shortlisted|interviews? will|for an informal|all backgrounds|privacy|recruitment agencies|disabilit|about us|founded in|we are (?:a|an|one|the|\d)|we(?:'|’)re (?:a|an|on|building)|we (?:began|have been|believe|have \d|serve|make|help|process|value)|our (?:mission|values|company|customers|team|clients|offices?|culture)|join us|the successful candidate will be offered|living wage|applications? (?:must|should|need)|must apply|self-disclosure|will consider|pursuant to|background checks are)\b|^(?:we(?! (?:need (?:someone|somebody|a person|people)|require|seek|expect (?:you|candidates|applicants)|are (?:looking for|seeking)))(?!(?:'|’)re looking for)|our)\b/iu,
  german.company,
);

export interface LineCues {
  /** Evidence for each kind of section, in steps of about one. */
  duties: number;
  must: number;
  nice: number;
  other: number;
}

/** Of an item of a list, by its words alone. */
export function cuesOf(text: string): LineCues {
  const cues: LineCues = { duties: 0, must: 0, nice: 0, other: 0 };
  const add = (some: Partial<LineCues>) => {
    for (const [kind, by] of Object.entries(some)) cues[kind as keyof LineCues] += by;
  };
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
  const asks = requirementWords.test(text);
  // Said of the item itself, it says little of those around it.
  if (niceWords.test(text)) add({ nice: 1.6, must: 0.8, duties: -1, other: -1 });
  else if (mustWords.test(text)) add({ must: 2, nice: -1, duties: -0.3 });
  if (asks) add({ must: 1.3, nice: 1.3, duties: -0.7, other: -0.7 });
  // Half of what is required is said so, and hardly anything that is welcome.
  if (firm.test(text)) add({ must: 2 });
  else add({ nice: 0.5 });
  if (soft.test(text)) add({ nice: 0.5 });
  // A name alone is rather one of several that would help.
  if (words.length <= 3 && !asks) add({ nice: 0.3 });
  if (isDuty(words) && !papers.test(text)) add({ duties: 2.2, other: 0, must: -0.8, nice: -0.8 });
  if (/^you(?:'|’)?(?:ll| will)\b/iu.test(text) && !mustWords.test(text)) add({ duties: 2 });
  if (offers.test(text)) add({ other: 2.6, must: -0.5, nice: -0.5, duties: -0.3 });
  if (company.test(text)) add({ other: 2.6, must: -1, nice: -1 });
  return cues;
}

/** "Teaching qualification" is none of the duties. */
const papers = /\b(?:qualifications?|certificat(?:e|ion)s?|licen[cs]es?|experience)$/iu;

function isDuty(words: readonly string[]): boolean {
  let [first = "", second = ""] = words;
  if (["you", "to", "also"].includes(first)) [first, second] = [second, words[2] ?? ""];
  // "Care of old people" names what "Care for them" does.
  if (second === "of") return false;
  if (/ly$/u.test(first)) first = second;
  if (dutyVerbs.has(first)) return !alsoNouns.has(first) || words.length > 3;
  if (/^(?:responsible|accountable|responsibility)$/u.test(first)) return true;
  const stem = /^(.{2,})ing$/u.exec(first)?.[1];
  if (stem === undefined) return false;
  const forms = [stem, `${stem}e`, stem.replace(/(.)\1$/u, "$1")];
  return forms.some((form) => dutyVerbs.has(form)) && !alsoNouns.has(stem);
}

/** Whether a text rather offers something, or tells of the company, than asks. */
export function isOffer(text: string): boolean {
  return company.test(text) || (offers.test(text) && !mustWords.test(text) && !niceWords.test(text));
}
