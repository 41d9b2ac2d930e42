// `npm run evaluate -- NAME --data PATH`: how good the product's judgement is on real data, beside baselines.
import { artefactsEvaluation } from "./evaluate/artefacts-command.ts";
import { enforcementEvaluation } from "./evaluate/enforcement-command.ts";
import { evidenceEvaluation } from "./evaluate/evidence-command.ts";
import { feedbackEvaluation } from "./evaluate/feedback-command.ts";
import { longCallEvaluation } from "./evaluate/long-call-command.ts";
import { lullsEvaluation } from "./evaluate/lulls-command.ts";
import { meetingsEvaluation } from "./evaluate/meetings-command.ts";
import { resumeImportEvaluation } from "./evaluate/resume-import-command.ts";
import { rubricEvaluation } from "./evaluate/rubric-command.ts";
import { runNamed } from "./run-named.ts";

if (import.meta.main)
  await runNamed(
    {
      script: "evaluate",
      commands: {
        artefacts: artefactsEvaluation,
        enforcement: enforcementEvaluation,
        evidence: evidenceEvaluation,
        feedback: feedbackEvaluation,
        "long-call": longCallEvaluation,
        lulls: lullsEvaluation,
        meetings: meetingsEvaluation,
        "resume-import": resumeImportEvaluation,
        rubric: rubricEvaluation,
      },
    },
    process.argv.slice(2),
  );
