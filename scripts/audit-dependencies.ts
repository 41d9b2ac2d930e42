// `npm run audit:dependencies`: known holes in what is installed. Grave ones stop; where nobody can be asked, it warns loudly.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { allowedSchema, judgeAudit, type Finding } from "./audit-judge.ts";

const root = join(import.meta.dirname, "..");
const allowedFile = join(root, ".ci", "audit-allowed.json");
const answerWithinMs = 120_000;

const allowed = allowedSchema.parse(JSON.parse(await readFile(allowedFile, "utf8")));
const { stdout, error } = spawnSync("npm", ["audit", "--json"], {
  cwd: root,
  encoding: "utf8",
  timeout: answerWithinMs,
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === "win32",
});
const judgement =
  error === undefined
    ? judgeAudit(stdout, allowed, new Date())
    : ({ kind: "not-audited", why: error.message } as const);

if (judgement.kind === "not-audited") {
  console.warn("!".repeat(80));
  console.warn("WARNING: the dependencies were NOT audited: the registry gave no answer.");
  console.warn(`It said: ${judgement.why}`);
  console.warn("Run `npm run audit:dependencies` where the registry answers, before you rely on this state.");
  console.warn("!".repeat(80));
} else {
  const list = (title: string, findings: readonly Finding[]) => {
    for (const { severity, package: name, title: what, advisory } of findings)
      console.log(`${title}: ${severity} in ${name}: ${what} (${advisory})`);
  };
  list("Noted", judgement.minor);
  list("Allowed for a time", judgement.allowed);
  for (const { advisory } of judgement.unused)
    console.log(`No longer found, so take it out of .ci/audit-allowed.json: ${advisory}`);
  list("STOPS", judgement.stopping);
  if (judgement.stopping.length > 0) {
    console.error(
      "Update the package. If there is no way yet, allow it in .ci/audit-allowed.json with a reason and a last day.",
    );
    process.exitCode = 1;
  } else console.log("No hole of grade high or critical is known in the dependencies.");
}
