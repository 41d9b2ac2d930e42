// The words that name a date or a time, only where they were said.

const weekday = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
const month = "(?:january|february|march|april|may|june|july|august|september|october|november|december)";
const ordinal = "\\d{1,2}(?:st|nd|rd|th)?";
const period = "(?:day|week|weekend|month|quarter|year|morning|afternoon|evening|term)";
const count = "(?:\\d{1,3}|a|one|two|three|four|five|six|seven|eight|ten|a couple of|a few|the next few)";

const moment = [
  `(?:this|next|the coming|the following) (?:${period}|${weekday})`,
  `(?:the )?end of (?:the |this |next )?${period}`,
  `tomorrow(?: (?:morning|afternoon|evening|night))?`,
  `tonight`,
  `${weekday}(?: (?:morning|afternoon|evening|night))?`,
  `the ${ordinal}(?: of ${month})?`,
  `${ordinal}(?: of)? ${month}`,
  `${month} ${ordinal}`,
  `(?:our|the|my|your) next (?:call|session|meeting|appointment|visit)`,
  `next time`,
  `(?:\\d{1,2}(?::\\d{2})? ?(?:am|pm|o'clock))`,
].join("|");

const due = new RegExp(
  `\\b(?:(?:by|on|before|until|till|at|for|within|not later than|no later than) (?:${moment}|today|noon)` +
    `|(?:in|within) ${count} (?:days?|weeks?|months?|hours?)` +
    `|${moment})(?=$|[^\\p{L}\\p{N}])`,
  "iu",
);

/** The first date or time in the sentence, verbatim; null where none was said. */
export function dueTextOf(sentence: string): string | null {
  return due.exec(sentence)?.[0] ?? null;
}
