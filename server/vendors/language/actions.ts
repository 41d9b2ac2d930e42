// Action items by rules: somebody said "I will" about something to do after the call, or was asked and said yes.
import { tidy, upperFirst } from "../../platform/text/tidy.ts";
import { dueTextOf } from "./due.ts";
import type { GroundedAction } from "./index.ts";
import { evidenceOf, overlap, type SpokenSentence } from "./spoken.ts";

/** Said with an object, these are things done after the call: "I'll be honest" or "I'll see" is talk, not a promise. */
const strongVerbs =
  "apply|arrange|block|book|buy|call|cancel|check with|come back|commit|complete|confirm|contact|create|deliver|download|draft|email|" +
  "fill in|fill out|find out|finish|follow up|forward|get in touch|get rid|hand in|hire|install|introduce|invite|join|look for|look into|" +
  "look up|mail|make an|make a|message|order|organise|organize|pay|phone|pick up|post|prepare|print|quit|reach out|register|repair|" +
  "replace|request|research|reschedule|ring|schedule|send|set up|sign up|sit down|sort out|submit|text|update|visit|write up|write";
/** What somebody changes in their own life counts from the person who is coached, not from who coaches. */
const changeVerbs =
  "avoid|begin|change|cook|cut|drink|eat|exercise|give up|keep|learn|limit|measure|monitor|practice|practise|reduce|run|save|sleep|" +
  "start|stick to|stop|swap|switch|track|wake|walk|watch|weigh|work on|cycle|swim|train";
/** Too common to mean anything by themselves: only with a day or a time. */
const datedVerbs =
  "add|ask|attend|bring|collect|discuss|do|find|finalise|finalize|get|give|go|have|leave|let|look at|meet|move|plan|present|put|read|" +
  "review|report|see|share|speak|take|talk|tell|test|try|turn off|use|work";
const doableVerbs = [strongVerbs, changeVerbs, datedVerbs]
  .flatMap((verbs) => verbs.split("|"))
  .sort((a, b) => b.length - a.length)
  .join("|");

/** What may be asked of somebody for after the call; "tell me" and "describe" are for within it. */
const requestVerbs =
  "arrange|book|bring|buy|call|check with|collect|complete|confirm|contact|draft|email|fill out|finish|follow up|forward|keep track|" +
  "look into|make sure|organise|organize|phone|practice|practise|prepare|print|register|remind|report|schedule|send|set up|share|sign up|" +
  "sort out|submit|text|track|update|write up|write down";

const will = "(?:i'll|i will|i am going to|i'm going to|i'm gonna|i am gonna|i shall)";
const weWill = "(?:we'll|we will|we are going to|we're going to|we're gonna)";
const adverbs =
  "(?:(?:definitely|certainly|also|then|just|just go|go ahead and|actually|gladly|still|at least|first|now|go and|have to|need to|try to|try and|make an effort to) )*";

/** What may stand before the commitment in its sentence; anything else (he said, if, maybe, when …) makes it doubtful. */
const before =
  "(?:(?:and|so|but|then|okay|ok|yeah|yes|yep|sure|well|right|alright|great|good|fine|no|um|uh|oh|i think|i guess|i believe|i promise|" +
  "you know|you know what|in that case|in fact|absolutely|of course|definitely|thank you|thanks|perfect|cool|today|tomorrow|tonight|next week|" +
  "next time|this week|this weekend|on \\w+day|by \\w+day|in the meantime|meanwhile|from now on|before then|until then|anyway|instead|" +
  "what|that's what|and what|starting tomorrow|after this|after the (?:call|meeting|session)|first|for now)[,.:;]?\\s+)*";

const firstPerson = new RegExp(`^${before}(?:${will}) ${adverbs}(?<act>(?:${doableVerbs})\\b.*)$`, "is");
const together = new RegExp(`^${before}(?:${weWill}) ${adverbs}(?<act>(?:${doableVerbs})\\b.*)$`, "is");
const request = new RegExp(
  `^${before}(?:can|could|would|will) you (?:please |maybe |also |then |perhaps )*(?<act>(?:${requestVerbs})\\b.*)$`,
  "is",
);
const accepted =
  /^(?:(?:um|uh|oh|well|mm-hmm|mhm)[,. ]+)*(?:yes|yeah|yep|sure|okay|ok|of course|absolutely|definitely|will do|i will|i can do|i'll do|no problem|certainly|happy to|sounds good)\b(?!.*\bbut\b)/is;

const hypothetical =
  /\b(?:if|unless|maybe|might|perhaps|would|could've|could have|should have|probably not|whether|supposed to|used to|whenever|suppose|imagine|let's say)\b/i;
/** The speaker started anew: what was meant is not sure. */
const brokenOff =
  /\{disfmarker\}|--|\b(?:i'll|i will|i'm going to|i'm gonna)\b.*\b(?:i'll|i will|i'm going to|i'm gonna)\s+(?!then|also)\S+\s*$/i;
/** Said about the call itself, or to be polite: over by its end. */
const withinTheCall = [
  /^(?:go|get|come|move|start|run|walk|turn|keep|take)\s+(?:on|over|through|ahead|back|into|to that|to the next|to this|off|by|with|around|along|from)\b(?! (?:medication|notes|a walk|\w+ walks?))/i,
  /^(?:ask|tell|show|let|remind|give|share|talk|speak|read)\s+(?:with |to )?(?:you|ya|y'all|us|everybody|everyone)\b(?!.*\b(?:tomorrow|next|email|by \w+day|on \w+day|later)\b)/i,
  /^(?:give|leave|keep|see|do|have|use|take|say|try|stop|start|make)\s+(?:it|that|this|there|here|them|some|one|those|these)\b[\s.,!]*(?:there|here|too|now|again|first|that way|at that|for now|quick|quickly|short|simple)?[\s.,!]*$/i,
  /^(?:take|make|do) (?:a (?:guess|look|stab|point|note|quick)|the (?:first|next|last)|this (?:one|first)|minutes|notes)\b/i,
  /^(?:call|name|rename) (?:it|that|this|them)\b/i,
  /^(?:start|begin|stop|keep|continue) (?:again|anew|over|from|with|by|off|here|there|playing|talking|sharing|going|asking|saying|it|that|this|on|in mind|you|my mouth|quiet|short)\b/i,
  /^(?:make|take) (?:a|an) (?:risk|guess|point|mistake|suggestion|assumption|note|look|stab|break|comment|joke|list of what you)\b/i,
  /^write (?:that|this|it)(?: one)?(?: down| up)?[\s.!]*$/i,
  /^(?:change|switch) (?:the )?(?:subject|topic|gear|slide|track)/i,
  /^(?:see|try to (?:explain|answer|be|summar|say|understand|describe|guess|remember)|try and (?:explain|answer|summar)|stop (?:there|here|you|sharing|talking))\b/i,
  /^(?:put|write|draw|set) (?:it|that|this|them|these|those)? ?(?:here|there|up here|on the (?:board|screen|whiteboard)|down here)\b/i,
  /^(?:leave|turn|hand|pass) (?:it|that|this)? ?(?:to|over|up to|back to) (?:you|the|our)\b/i,
  /^(?:get|be|make) (?:a |an )?(?:sense|idea|mistake|sure you understand|better|sick|cancer|worse|old|fat|killed|in trouble|it)\b/i,
  /^(?:go|get) (?:crazy|mad|insane|to (?:hell|jail|prison)|nuts|wrong|badly)\b/i,
  /^(?:present|discuss|talk about|talk through|review|tell|ask|report)\b(?!.*\b(?:with (?:my|him|her|them)|to (?:my|him|her|them)|my|him|her|them|tomorrow|next|by \w+day|on \w+day)\b)/i,
];
const leastActWords = 3;
const longestActWords = 32;

/** In order of appearance, without repetitions. Precision before recall: what is doubtful is left out. */
export function findActions(
  sentences: readonly SpokenSentence[],
  hostIds: readonly string[],
): GroundedAction[] {
  const speakers = new Set(sentences.map(({ turn }) => turn.speakerId));
  const found: { action: GroundedAction; stems: ReadonlySet<string> }[] = [];
  sentences.forEach((sentence, index) => {
    const action = commitmentIn(sentence, hostIds) ?? acceptedRequest(sentences, index, speakers.size);
    if (action === null) return;
    const same = found.find(
      (other) => other.action.ownerId === action.ownerId && overlap(other.stems, sentence.stems) >= 0.75,
    );
    // Said again, perhaps now with a date: the fuller wording wins, both places are cited.
    if (same === undefined) found.push({ action, stems: sentence.stems });
    else merge(same.action, action);
  });
  return found.map(({ action }) => action);
}

function commitmentIn(sentence: SpokenSentence, hostIds: readonly string[]): GroundedAction | null {
  if (sentence.question || brokenOff.test(sentence.text)) return null;
  const said = normalised(sentence.text);
  const own = firstPerson.exec(said)?.groups?.["act"];
  const shared = own === undefined ? together.exec(said)?.groups?.["act"] : undefined;
  const act = own ?? shared;
  if (act === undefined || !isDoable(act, said)) return null;
  const dueText = dueTextOf(sentence.text);
  // "We will" is mostly about the call or about the world: only a named day makes a plan of it.
  if (shared !== undefined && dueText === null) return null;
  const strong = startsWith(strongVerbs, act);
  const change = startsWith(changeVerbs, act) && !hostIds.includes(sentence.turn.speakerId);
  if (!strong && !change && dueText === null) return null;
  if (hasNoObject(act, sentence)) return null;
  return {
    text: wording(act),
    ownerId: own === undefined ? null : sentence.turn.speakerId,
    dueText,
    evidence: [evidenceOf(sentence)],
  };
}

function acceptedRequest(
  sentences: readonly SpokenSentence[],
  index: number,
  speakerCount: number,
): GroundedAction | null {
  const sentence = sentences[index];
  if (sentence === undefined) return null;
  const said = normalised(sentence.text);
  const act = request.exec(said)?.groups?.["act"];
  if (act === undefined || hypothetical.test(said) || !fits(act)) return null;
  const answer = sentences
    .slice(index + 1, index + 4)
    .find(({ turn }) => turn.speakerId !== sentence.turn.speakerId);
  if (answer === undefined || !accepted.test(normalised(answer.text))) return null;
  return {
    text: wording(act.replace(/\?+\s*$/, "")),
    // Among more than two people it is not sure who was asked.
    ownerId: speakerCount === 2 ? answer.turn.speakerId : null,
    dueText: dueTextOf(sentence.text),
    evidence: [evidenceOf(sentence), evidenceOf(answer)],
  };
}

function isDoable(act: string, said: string): boolean {
  return fits(act) && !hypothetical.test(said) && !withinTheCall.some((pattern) => pattern.test(act));
}

function startsWith(verbs: string, act: string): boolean {
  return new RegExp(`^(?:${verbs})\\b`, "i").test(act);
}

function fits(act: string): boolean {
  const words = act.split(/\s+/).length;
  return words >= leastActWords && words <= longestActWords;
}

/** "I'll do that." is no item: nobody could tell later what it was. */
function hasNoObject(act: string, sentence: SpokenSentence): boolean {
  if (sentence.stems.size === 0) return true;
  return /^\S+(?:\s(?:up|out|on|down|to|for|it|that|this|them|something|anything|some|one|what|you|now|my best|best))+[\s.,!]*$/i.test(
    act,
  );
}

function wording(act: string): string {
  return upperFirst(tidy(act).replace(/[\s.,!?;:–—-]+$/u, ""));
}

function merge(kept: GroundedAction, again: GroundedAction): void {
  if (kept.dueText === null && again.dueText !== null) {
    kept.text = again.text;
    kept.dueText = again.dueText;
  }
  if (kept.evidence.length < 4) kept.evidence.push(...again.evidence.slice(0, 4 - kept.evidence.length));
}

function normalised(text: string): string {
  return text
    .replaceAll("’", "'")
    .replace(/\{[a-z]+\}/gi, " ")
    .replace(/(\w)\s+'(ll|m|re|s|ve|d)\b/gi, "$1'$2")
    .replace(/\s+([,.!?;:])/g, "$1")
    .replace(/\b(?:um+|uh+|er)\b,?\s*/gi, "")
    .replace(/\s+/g, " ")
    .trim();
}
