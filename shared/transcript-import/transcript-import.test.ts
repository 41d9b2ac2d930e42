// Transcript import: each format, missing times, and files that are wrong or hostile.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importLimits, importTranscript, TranscriptImportError } from "./index.ts";

const lines = (content: string, options = {}) =>
  importTranscript(content, options).utterances.map(({ speaker, text, startMs, endMs }) => [
    speaker,
    text,
    startMs,
    endMs,
  ]);
const refusal = (content: string, options = {}): string => {
  try {
    importTranscript(content, options);
  } catch (error) {
    if (error instanceof TranscriptImportError) return error.message;
    throw error;
  }
  throw new Error("the file was accepted");
};

describe("JSON", () => {
  test("our own form keeps its times", () => {
    const utterances = [
      { speaker: "Ann", text: "Hello.", startMs: 0, endMs: 900 },
      { speaker: "Ben", text: "Hi.", startMs: 1_000, endMs: 1_500 },
    ];
    expect(importTranscript(JSON.stringify({ utterances }))).toEqual({
      utterances,
      speakers: ["Ann", "Ben"],
      timesEstimated: false,
    });
  });

  test("QMSum's form gets times at 150 words a minute, one turn after the other", () => {
    const ten = "one two three four five six seven eight nine ten";
    const turns = [
      { speaker: "Chair", content: ten },
      { speaker: "Clerk", content: ten },
    ];
    expect(lines(JSON.stringify({ meeting_transcripts: turns }))).toEqual([
      ["Chair", ten, 0, 4_000],
      ["Clerk", ten, 4_000, 8_000],
    ]);
  });

  test.each([
    ["{", "The file is not valid JSON."],
    ["{}", "`utterances` is not as expected."],
    [JSON.stringify({ utterances: [{ speaker: "Ann" }] }), "`utterances.0.text` is not as expected."],
    [JSON.stringify({ utterances: [{ speaker: "", text: "a" }] }), "Line 1: The speaker is missing."],
    [
      JSON.stringify({ utterances: [{ speaker: "Ann", text: "a", startMs: 5, endMs: 2 }] }),
      "Line 1: The end lies before the start.",
    ],
    [
      JSON.stringify({ utterances: [{ speaker: "Ann", text: "a", startMs: -5 }] }),
      "Line 1: The time does not lie within a day.",
    ],
    [JSON.stringify({ utterances: [] }), "The file has no utterances."],
  ])("what is wrong is said: %s", (content, message) => {
    expect(refusal(content)).toBe(message);
  });
});

describe("WebVTT", () => {
  test("voice tags name speakers, notes and styles are passed over, markup is taken out", () => {
    const content = `WEBVTT - a call\nKind: captions\n\nNOTE\nnothing --> here\n\nSTYLE\n::cue { color: red }\n\n1\n00:01.000 --> 00:02.500 align:start\n<v Ann Lee>Is it <i>you</i> &amp; me?</v>\n\n00:00:03.000 --> 00:00:04.000\n<v.loud Ben>Yes.\nIt is.\n`;
    expect(lines(content)).toEqual([
      ["Ann Lee", "Is it you & me?", 1_000, 2_500],
      ["Ben", "Yes. It is.", 3_000, 4_000],
    ]);
  });

  test("a cue with two voices becomes two utterances", () => {
    const content = "WEBVTT\n\n00:01.000 --> 00:02.000\n- <v Ann>Ready?\n- <v Ben>Ready.\n";
    expect(lines(content).map(([speaker, text]) => [speaker, text])).toEqual([
      ["Ann", "Ready?"],
      ["Ben", "Ready."],
    ]);
  });

  test("a wrong time is named by its line", () => {
    expect(refusal("WEBVTT\n\n00:61.000 --> 00:02.000\nHello\n")).toMatch(/^Line 3: The times of a cue/);
  });
});

describe("SRT", () => {
  test("commas in times, names before a colon, Windows line ends", () => {
    const content =
      "1\r\n00:00:01,000 --> 00:00:02,000\r\nAnn: Good morning.\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000\r\nAnd how are you?\r\n\r\n3\r\n00:00:04,000 --> 00:00:05,000\r\nBen: Well, thanks: really.\r\n";
    expect(lines(content)).toEqual([
      ["Ann", "Good morning.", 1_000, 2_000],
      ["Ann", "And how are you?", 2_500, 3_000],
      ["Ben", "Well, thanks: really.", 4_000, 5_000],
    ]);
  });

  test("a file that names nobody has one speaker", () => {
    expect(lines("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")[0]?.[0]).toBe("Speaker");
  });
});

describe("CSV", () => {
  const header = "transcript_id,utterance_id,interlocutor,timestamp,utterance_text,annotator_id";

  test("quoted fields may hold commas, quotes and line breaks", () => {
    const content = `speaker,text\nAnn,"One, ""two""\nand three"\nBen,four\n`;
    expect(lines(content).map(([speaker, text]) => [speaker, text])).toEqual([
      ["Ann", 'One, "two" and three'],
      ["Ben", "four"],
    ]);
  });

  test("a file may begin with a byte order mark and end without a line break", () => {
    expect(lines("\ufeffName,Content\r\nAnn,Hello")).toHaveLength(1);
  });

  test("the first transcript is taken unless another is named, and annotators' repetitions are one utterance", () => {
    const content = `${header}\n7,0,coach,00:00:01,Hello,1\n7,0,coach,00:00:01,Hello,2\n7,1,client,00:00:03,Hi,1\n8,0,coach,00:00:00,Other,1\n`;
    expect(lines(content)).toEqual([
      ["coach", "Hello", 1_000, 1_400],
      ["client", "Hi", 3_000, 3_400],
    ]);
    expect(lines(content, { transcriptId: "8" }).map(([, text]) => text)).toEqual(["Other"]);
    expect(refusal(content, { transcriptId: "9" })).toBe("The file has no transcript with this id.");
  });

  test("an utterance without an end lasts as its words do, at most until the next one starts", () => {
    const long = Array.from({ length: 50 }, () => "word").join(" ");
    const content = `speaker,timestamp,text\nAnn,00:00:00,${long}\nBen,00:00:05,${long}\n`;
    expect(lines(content).map(([, , start, end]) => [start, end])).toEqual([
      [0, 5_000],
      [5_000, 25_000],
    ]);
  });

  test.each([
    ["a,b\n1,2\n", /^Line 1: The header needs a speaker column/],
    ["speaker,text\nAnn,hello\nBen\n", "Line 3: 1 fields where the header has 2."],
    ['speaker,text\nAnn,"hello\n', "Line 2: A quote is opened and never closed."],
    ['speaker,text\nAnn,"a\nb"\nBen,"x"y\n', "Line 4: A closing quote is followed by something else."],
    ["speaker,text,timestamp\nAnn,hello,soon\n", "Line 2: The time is not of the form hh:mm:ss."],
    ["speaker,text\n", "The file has no utterances."],
  ])("what is wrong is said with its line: %j", (content, message) => {
    expect(refusal(content)).toMatch(message);
  });
});

describe("hostile files", () => {
  test("no content of any kind brings anything but a transcript or a refusal", () => {
    const start = fc.constantFrom(
      "",
      "{",
      "WEBVTT\n\n",
      "speaker,text\n",
      "1\n00:00:01,000 --> 00:00:02,000\n",
    );
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom(
        '"',
        ",",
        "\n",
        "\r\n",
        "-->",
        "<v ",
        "00:00:01.000 --> 00:00:02.000",
        "\ud800",
        "\u0000",
      ),
    );
    fc.assert(
      fc.property(start, fc.array(piece, { maxLength: 30 }), (first, pieces) => {
        try {
          const { utterances } = importTranscript(first + pieces.join(""));
          for (const { text, startMs, endMs } of utterances) {
            expect(text.length).toBeGreaterThan(0);
            expect(endMs).toBeGreaterThanOrEqual(startMs);
          }
        } catch (error) {
          if (!(error instanceof TranscriptImportError)) throw error;
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  test.each([
    ["an unclosed quote", `speaker,text\n${'Ann,"'.padEnd(2_000_000, "x")}`],
    ["unclosed tags", `WEBVTT\n\n00:01.000 --> 00:02.000\n${"<v ".repeat(500_000)}`],
    ["many empty cues", `WEBVTT\n\n${"00:01.000 --> 00:02.000\n\n".repeat(60_000)}`],
    ["deep nesting", `{"utterances":${"[".repeat(100_000)}`],
  ])("%s ends quickly in a refusal", (_title, content) => {
    expect(refusal(content)).not.toBe("");
  });

  test("what is too much is refused, not cut", () => {
    const row = "Ann,hello\n";
    expect(refusal(`speaker,text\n${row.repeat(importLimits.utterancesMax + 1)}`)).toMatch(
      /at most 50000 utterances/,
    );
    expect(refusal(`speaker,text\nAnn,${"x".repeat(importLimits.textMaxChars + 1)}\n`)).toMatch(/^Line 2:/);
    expect(refusal("x".repeat(importLimits.fileMaxBytes + 1))).toMatch(/larger than 20 megabytes/);
    const crowd = Array.from({ length: importLimits.speakersMax + 1 }, (_, n) => `P${n},hello\n`).join("");
    expect(refusal(`speaker,text\n${crowd}`)).toMatch(/at most 500 speakers/);
  });

  test("an error never quotes what was said", () => {
    for (const content of ['{"utterances":[secret', 'speaker,text\nAnn,"secret'])
      expect(refusal(content)).not.toContain("secret");
  });
});
