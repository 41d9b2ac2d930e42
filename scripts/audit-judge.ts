// What `npm audit --json` says, judged: findings that stop a change, findings that are allowed for a time, or no answer. Pure.
import { z } from "zod";

const severitySchema = z.enum(["info", "low", "moderate", "high", "critical"]);
const stopping: readonly string[] = ["high", "critical"];

/** Audit report version 2, which npm 7 and later write; `via` names another package where the trouble is that one's. */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          z.string(),
          z.object({ name: z.string(), title: z.string(), url: z.string(), severity: severitySchema }),
        ]),
      ),
    }),
  ),
});

/** Written instead of a report where the registry refuses or cannot be reached. */
const refusalSchema = z.union([
  z.object({ message: z.string() }),
  z.object({ error: z.object({ summary: z.string() }) }),
]);

export const allowedSchema = z.array(
  z
    .object({
      /** The advisory's address, as the audit names it. */
      advisory: z.url(),
      package: z.string(),
      reason: z.string().min(20),
      /** The last day on which it is allowed. */
      until: z.iso.date(),
    })
    .strict(),
);
export type Allowed = z.infer<typeof allowedSchema>;

export interface Finding {
  package: string;
  title: string;
  advisory: string;
  severity: z.infer<typeof severitySchema>;
}

export type Judgement =
  | { kind: "audited"; stopping: Finding[]; allowed: Finding[]; minor: Finding[]; unused: Allowed }
  /** Nobody has looked: no reason to stop, and none to be at ease. */
  | { kind: "not-audited"; why: string };

/** Throws where the output is neither a report nor a refusal. */
export function judgeAudit(output: string, allowed: Allowed, today: Date): Judgement {
  const said = parseJson(output);
  const report = reportSchema.safeParse(said);
  if (!report.success) {
    const refusal = refusalSchema.safeParse(said);
    if (refusal.success) return { kind: "not-audited", why: reasonOf(refusal.data) };
    throw new Error("npm audit said something that is neither its report nor an error: see its output.");
  }
  const found = findingsOf(report.data);
  const day = today.toISOString().slice(0, 10);
  const permits = ({ advisory, package: name }: Finding) =>
    allowed.some((one) => one.advisory === advisory && one.package === name && day <= one.until);
  const grave = found.filter(({ severity }) => stopping.includes(severity));
  return {
    kind: "audited",
    stopping: grave.filter((finding) => !permits(finding)),
    allowed: grave.filter(permits),
    minor: found.filter(({ severity }) => !stopping.includes(severity)),
    unused: allowed.filter(
      (one) => !grave.some((each) => each.advisory === one.advisory && each.package === one.package),
    ),
  };
}

/** Each advisory once, however many packages lead to it. */
function findingsOf({ vulnerabilities }: z.infer<typeof reportSchema>): Finding[] {
  const found = new Map<string, Finding>();
  for (const via of Object.values(vulnerabilities).flatMap((one) => one.via)) {
    if (typeof via === "string") continue;
    const { name, title, url, severity } = via;
    found.set(`${name} ${url}`, { package: name, title, advisory: url, severity });
  }
  return [...found.values()];
}

function reasonOf(refusal: z.infer<typeof refusalSchema>): string {
  if ("message" in refusal) return refusal.message;
  return refusal.error.summary === "" ? "no reason was given" : refusal.error.summary;
}

function parseJson(output: string): unknown {
  if (output.trim() === "") return { message: "npm audit said nothing" };
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw new Error("npm audit said something that is no JSON.", { cause });
  }
}
