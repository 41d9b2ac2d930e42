// `npm run bench -- NAME [options]`: benchmarks, each printing a table and JSON; fails where it found faults.
import type { Benchmark } from "./bench/benchmark.ts";
import { callBenchmark } from "./bench/call-command.ts";
import { careerBesideCallBenchmark } from "./bench/career/beside-command.ts";
import { careerBenchmark } from "./bench/career/command.ts";
import { matchingBenchmark } from "./bench/matching/command.ts";
import { notesBenchmark } from "./bench/notes/command.ts";
import { notesOpenBenchmark } from "./bench/notes-open-command.ts";
import { realtimeReportBenchmark, revocationReportBenchmark } from "./bench/realtime-report/command.ts";
import { selectionBenchmark } from "./bench/selection/command.ts";
import { storeBenchmark } from "./bench/store-command.ts";
import { transcriptsBenchmark } from "./bench/transcripts/command.ts";
import { runNamed } from "./run-named.ts";

const benchmarks: Record<string, Benchmark> = {
  call: callBenchmark,
  career: careerBenchmark,
  "career-beside-call": careerBesideCallBenchmark,
  matching: matchingBenchmark,
  notes: notesBenchmark,
  "notes-open": notesOpenBenchmark,
  "realtime-report": realtimeReportBenchmark,
  "revocation-report": revocationReportBenchmark,
  selection: selectionBenchmark,
  store: storeBenchmark,
  transcripts: transcriptsBenchmark,
};

if (import.meta.main) await runNamed({ script: "bench", commands: benchmarks }, process.argv.slice(2));
