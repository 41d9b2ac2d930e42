// `npm run demo -- --transcript FILE`: replays a real conversation as a live call on a running server and checks what is left.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readConfig, StartError } from "../server/platform/config.ts";
import { importTranscript, TranscriptImportError } from "../shared/transcript-import/index.ts";
import { readArguments, runCommand, UsageError } from "./arguments.ts";
import { replay, type ReplayResult } from "./demo/replay.ts";
import { mintLocalToken } from "./token.ts";

const usage = `Usage: npm run demo -- --transcript FILE [--speed 1] [--url http://localhost:3000]
                            [--transcript-id ID] [--limit N] [--for SECONDS]
  --transcript     a conversation: JSON, WebVTT, SRT, or CSV with a speaker and a text column
  --speed          20 replays twenty times as fast as it was spoken
  --url            where the server runs; it must share DATA_DIR with this command, in local mode
  --transcript-id  which conversation of a CSV that holds several; the first one without it
  --limit          only so many utterances
  --for            ends the call after so many seconds`;

if (import.meta.main) await runCommand(() => main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
  const { values } = readArguments(usage, {
    args,
    options: {
      transcript: { type: "string" },
      speed: { type: "string", default: "1" },
      url: { type: "string" },
      "transcript-id": { type: "string" },
      limit: { type: "string" },
      for: { type: "string" },
    },
  });
  if (values.transcript === undefined) throw new UsageError(usage);
  const config = readConfig(process.env);
  if (config.identity.mode !== "local")
    throw new StartError(
      "The demo creates people and is for local mode only: the WORKOS_ variables are set.",
    );
  const id = values["transcript-id"];
  const transcript = await read(values.transcript, id);
  const limit = optionalNumber("limit", values.limit);
  const utterances = transcript.utterances.slice(0, limit ?? undefined);
  const result = await replay({
    url: values.url ?? `http://localhost:${config.port}`,
    transcript: {
      ...transcript,
      utterances,
      speakers: [...new Set(utterances.map(({ speaker }) => speaker))],
    },
    title: `Replay of ${basename(values.transcript)}${id === undefined ? "" : ` (${id})`}`,
    speed: number("speed", values.speed),
    forSeconds: optionalNumber("for", values.for),
    mintToken: (person) => mintLocalToken({ dataDir: config.dataDir, ...person }),
    progress: (line) => console.error(`· ${line}`),
  });
  console.log(describe(result));
  return result.problems.length === 0 ? 0 : 1;
}

async function read(file: string, transcriptId: string | undefined) {
  let content: string;
  try {
    content = await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`The file ${file} cannot be read.`, { cause: error });
  }
  try {
    return importTranscript(content, transcriptId === undefined ? {} : { transcriptId });
  } catch (error) {
    if (error instanceof TranscriptImportError)
      throw new Error(`${file} cannot be imported. ${error.message}`, { cause: error });
    throw error;
  }
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new UsageError(`--${name} must be a positive number.\n${usage}`);
  return value;
}

function optionalNumber(name: string, text: string | undefined): number | null {
  return text === undefined ? null : number(name, text);
}

function describe({
  people,
  utterances,
  seconds,
  prompts,
  insight,
  emails,
  problems,
  recapUrl,
}: ReplayResult): string {
  const lines = [
    "",
    `${utterances} utterances of ${people.length} people in ${seconds.toFixed(1)} s, ${prompts.length} prompts`,
    ...people.map(({ speaker, email }) => `  ${speaker}: ${email}`),
    "",
    `Outcome: ${insight?.outcome?.text ?? "none was said in so many words"}`,
    ...list(
      "Actions",
      insight?.actionItems.map(({ text, dueText }) => `${text}${dueText === null ? "" : ` [${dueText}]`}`),
    ),
    ...list(
      "Decisions",
      insight?.decisions.map(({ text }) => text),
    ),
    ...list(
      "Summary",
      insight?.summary.map(({ text }) => text),
    ),
    ...list(
      "Emails",
      emails.map(({ to, subject, calendar }) => `${to}: ${subject}${calendar ? " (with .ics)" : ""}`),
    ),
    "",
    ...(problems.length === 0
      ? [
          "Checked: every utterance once, in order, under its speaker; every item of the recap leads to its segment.",
        ]
      : ["Problems:", ...problems.map((problem) => `  ${problem}`)]),
    `Recap: ${recapUrl}`,
  ];
  return lines.join("\n");
}

function list(title: string, items: readonly string[] = []): string[] {
  return items.length === 0 ? [`${title}: none`] : [`${title}:`, ...items.map((item) => `  - ${item}`)];
}
