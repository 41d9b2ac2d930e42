// Spoken words made fit to read: without fillers, stutters and transcription marks, and with nothing added.

const marks = /\{[a-z]+\}|\[[a-z ]{1,30}\]|<[a-z ]{1,30}>/gi;
const fillers = /(?:^|(?<=[\s,]))(?:um+|uh+|uhm+|erm?|ah|hmm*|mm+|mhm|mm-?hmm+|uh-?huh)(?=[\s,.!?]|$),?/gi;
const saidInPassing = /,\s*(?:you know|i mean|like)\s*(?=,)/gi;
const opening =
  /^(?:(?:and|but|so|well|okay|ok|yeah|yes|yep|right|alright|all right|oh|now|then|like|i mean|actually|basically|sure|great|good|you know)(?:\s*[,.…-]+\s*|\s+))+/i;
/** Words that promise more than was said. */
const dangling =
  /(?:[\s,;:–—-]+(?:and|but|so|or|then|because|that|the|a|an|to|of|with|if|uh|um))*[\s,;:–—-]*$/iu;
/** Two or more words left after an opening was taken away, or it stays: `So.` is better than nothing. */
const leastWordsLeft = 2;

/** Only takes away: every word of the result stands in the text, in the same order. */
export function tidy(text: string): string {
  let result = text
    .replace(marks, " ")
    .replace(fillers, " ")
    .replace(saidInPassing, "")
    .replace(/\s+([,.!?;:…])/g, "$1")
    .replace(/(\w)\s+'(s|re|ve|ll|d|t|m)\b/g, "$1'$2")
    .replace(/(?<![\p{L}\p{N}])(\p{L}+)(?:[-–—]+\1(?![\p{L}\p{N}]))+/giu, "$1")
    .replace(/([,;])(?:\s*[,;])+/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  result = withoutStutter(result).replace(/^[\s,;:.–—-]+/u, "");
  const opened = result.replace(opening, "");
  if (opened.split(/\s+/).length >= leastWordsLeft) result = opened;
  result = result.replace(dangling, "").trim();
  return upperFirst(result);
}

export function upperFirst(text: string): string {
  const [first] = text;
  return first === undefined ? text : first.toUpperCase() + text.slice(first.length);
}

/** `our our project` → `our project`; also pairs, `I was I was there`. Emphasis (`very very`) loses one word of two. */
function withoutStutter(text: string): string {
  const words = text.split(" ");
  const kept: string[] = [];
  for (const word of words) {
    kept.push(word);
    for (const size of [3, 2, 1]) {
      if (kept.length < 2 * size) continue;
      const last = kept.slice(-size).map(bare);
      const before = kept.slice(-2 * size, -size);
      const same = last.every((one, index) => one !== "" && one === bare(before[index] ?? ""));
      // A sentence that ends and starts with the same word is no stutter.
      if (same && !/[.!?]$/.test(before.at(-1) ?? "")) kept.splice(-size * 2, size);
    }
  }
  return kept.join(" ");
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[,;–—-]+$/u, "");
}
