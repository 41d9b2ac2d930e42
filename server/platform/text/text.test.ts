// Words, sentences, tidying and key terms of spoken text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyTerms } from "./key-terms.ts";
import { isQuestion, sentencesOf } from "./sentences.ts";
import { tidy } from "./tidy.ts";
import { countWords, stem, wordsOf } from "./words.ts";

describe("words", () => {
  test.each([
    ["Don’t stop!", ["don't", "stop"]],
    ["Größe, naïve café — 3.5 km", ["größe", "naïve", "café", "3", "5", "km"]],
    ["我今天很累。", ["我", "今天", "很", "累"]],
    ["हिन्दी में बात", ["हिन्दी", "में", "बात"]],
    ["🙂 … --", []],
  ])("%s", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test("forms of a word share a stem", () => {
    for (const forms of [
      ["walk", "walks", "walked", "walking"],
      ["plan", "plans", "planned", "planning"],
      ["story", "stories"],
      ["drink", "drinks", "drinking"],
    ])
      expect(new Set(forms.map(stem)).size).toBe(1);
  });
});

describe("sentences", () => {
  test.each([
    ["Mr. Smith came. He left.", ["Mr. Smith came.", "He left."]],
    ["It was 3.5 km! Really?", ["It was 3.5 km!", "Really?"]],
    ["okay . so we go .", ["okay .", "so we go ."]],
    ["Wait… what?", ["Wait…", "what?"]],
    ["今天很累。明天再说！", ["今天很累。", "明天再说！"]],
    ["no punctuation at all", ["no punctuation at all"]],
    ["...", []],
    ["", []],
  ])("%s", (text, sentences) => {
    expect(sentencesOf(text).map((one) => one.text)).toEqual(sentences);
  });

  test("each is an exact slice, in order, and no word is lost, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.lorem({ maxCount: 200, mode: "words" })),
        (text) => {
          let from = 0;
          let words = 0;
          for (const { text: slice, start, words: own } of sentencesOf(text)) {
            expect(start).toBeGreaterThanOrEqual(from);
            expect(text.slice(start, start + slice.length)).toBe(slice);
            from = start + slice.length;
            words += own.length;
          }
          expect(words).toBe(countWords(text));
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  test("recognised speech without punctuation is cut into readable lengths", () => {
    const lengths = sentencesOf("and so we went on ".repeat(60)).map(({ words }) => words.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(46);
  });

  test.each([
    ["What do you want?", true],
    ["so what do you want", true],
    ["Tell me more about it.", true],
    ["would you like that", true],
    ["I know what you want.", false],
    ["That is why I came.", false],
    ["", false],
  ])("a question is known by its mark or its first words: %s", (text, question) => {
    expect(isQuestion(text)).toBe(question);
  });
});

describe("tidying", () => {
  test.each([
    ["Um , so {vocalsound} our our project is uh ready .", "Our project is ready."],
    ["Yeah. And, you know, I-I was there", "I was there"],
    ["So .", "So."],
    ["I think we 'll go , and", "I think we'll go"],
    ["Very very good.", "Very good."],
  ])("%s", (text, tidied) => {
    expect(tidy(text)).toBe(tidied);
  });

  test("only takes away: every word of the result was said, in the same order", () => {
    const said = fc.array(
      fc.constantFrom(
        "um",
        "so",
        "I",
        "was",
        "was",
        "there",
        ",",
        ".",
        "you know",
        "the",
        "--",
        "{laugh}",
        "plan",
        "I-I",
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(said, (pieces) => {
        const text = pieces.join(" ");
        const before = wordsOf(text);
        let at = 0;
        for (const word of wordsOf(tidy(text))) {
          at = before.indexOf(word, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe("key terms", () => {
  test("what comes back often is named, small talk is not, pairs before their words", () => {
    const texts = [
      "Yeah, I think blood pressure is the thing.",
      "My blood pressure was high, you know, and the walks helped.",
      "So more walks, and blood pressure again.",
    ];
    expect(keyTerms(texts, { max: 3 })).toEqual(["blood pressure", "walks"]);
  });

  test("nothing said, no topics", () => {
    expect(keyTerms([], { max: 5 })).toEqual([]);
    expect(keyTerms(["okay yeah", "right yeah"], { max: 5 })).toEqual([]);
  });
});
