// For tests: a résumé, a posting, files that are counted, and runs over all of them in one process, without threads.
import type { Actor } from "../../../../shared/actor.ts";
import type { UserId } from "../../../../shared/ids.ts";
import { AppError } from "../../../../shared/errors.ts";
import { runTemplates } from "../../../../shared/schemas/career/enums.ts";
import type { AiUse } from "../../../../shared/schemas/ai.ts";
import { resumeContentSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { defaultRunPage, type RunFile } from "../../../../shared/schemas/career/runs.ts";
import { FakeClock } from "../../../platform/clock.ts";
import { countingIds } from "../../../platform/ids.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import type { Rewriter } from "../../../vendors/language/index.ts";
import { evidenceScores } from "../evidence/score.ts";
import { bulletsOf, withBulletIds } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import { rubricOf, rubricVersion } from "../rubric/rubric.ts";
import { planOfRequest, problemOfRequest } from "../selection/plan-request.ts";
import { loadHighs } from "../selection/solve-programme.ts";
import { solveExactly } from "../selection/solve.ts";
import type { MadePage } from "./page-fit.ts";
import { createRunMachine, type RunMachineParts } from "./run-machine.ts";
import { createRunMetrics } from "./run-metrics.ts";
import type {
  ArtefactInput,
  ReadRunFile,
  RunPosting,
  RunResume,
  RunsArtefacts,
  RunsPostings,
  RunsResumes,
  RunsWriters,
} from "./runs.ports.ts";
import { createRunsService } from "./runs.service.ts";
import { runsInMemory } from "./testing-runs-repository.ts";

const role = (company: string, title: string, dateRange: string, texts: string[]) => ({
  company,
  title,
  dateRange,
  bullets: texts.map((text) => ({ text })),
});

export const nurse = withBulletIds(
  resumeContentSchema.parse({
    basics: { name: "Amara Okafor", email: "amara@example.org" },
    summary: "Nurse with experience in emergency care",
    skills: { tools_cloud_technologies: ["Excel", "K8s", "Python"] },
    workExperience: [
      role("St Mary's", "Staff Nurse", "2020 - Present", [
        "Trained 30 nurses in wound care, reducing infections by 22%",
        "Ordered stationery",
        "Led triage of 60 patients a night in the emergency department",
        "Automated rota exports in Python and K8s for 4 wards",
      ]),
      role("Hill House", "Carer", "2017 - 2020", [
        "Cooked for 15 residents",
        "Kept care plans of 12 residents",
      ]),
    ],
    projects: [{ name: "Rota", bullets: [{ text: "Built a rota in Excel that saved 4 hours a week" }] }],
    education: [],
    awards: [{ name: "Nurse of the Year", issuer: "St Mary's", year: "2022" }],
    mentorship: [],
    links: [],
  }),
);

export const nursePosting = `Requirements
- Experience with triage
- Wound care
- Python on Kubernetes
- Knowledge of phlebotomy

Nice to have
- Rotas in Excel`;

export const runOwner: Actor = {
  userId: "a".repeat(24) as UserId,
  email: "amara@example.org",
  displayName: "Amara",
  orgId: null,
  orgRole: "member",
  sessionId: "session",
  expiresAt: new Date(8.64e15),
};
export const resumeId = "1".repeat(24);
export const postingId = "2".repeat(24);

export interface TestWorld {
  resume: RunResume | null;
  posting: RunPosting | null;
  use: AiUse;
  rewriters: Map<string, Rewriter>;
  /** What a page is measured at; half of one unless it says otherwise. */
  measured?: (input: ArtefactInput) => MadePage;
}

/** Ports over what stands in `world`; whatever a test changes there is seen at once. */
export function runPorts(world: TestWorld): {
  resumes: RunsResumes;
  postings: RunsPostings;
  writers: RunsWriters;
  artefacts: RunsArtefacts & { made: Map<string, RunFile> };
} {
  const made = new Map<string, RunFile & { edition: number; runId: string }>();
  const keep = (type: "pdf" | "tex" | "json") => {
    return async ({ runId, edition, tailored }: ArtefactInput) => {
      const { modelKey, tailoredHash } = tailored;
      const artifactId = contentHash([runId, modelKey, type]).slice(0, 24);
      const fileName = `${tailoredHash}.${type}`;
      const file = { artifactId, artifactType: type, modelKey, fileName, mimeType: type, sizeBytes: 1 };
      made.set(artifactId, { ...file, edition, runId });
    };
  };
  return {
    resumes: {
      get: async (_owner, id) => (id === resumeId ? world.resume : null),
      similarities: async () => null,
    },
    postings: {
      get: async (_owner, id) => (id === postingId ? world.posting : null),
      async rubric() {
        if (world.posting === null) throw new Error("there is no posting");
        return { rubric: rubricOf(world.posting.posting), promptVersion: rubricVersion, promptHash: null };
      },
    },
    writers: {
      models: [...world.rewriters.values()].map(({ name }) => ({ key: name, name })),
      rewriter: (key) => world.rewriters.get(key) ?? null,
      useOf: async () => world.use,
    },
    artefacts: {
      made,
      templates: runTemplates,
      templateOf({ template, pageLimit }, { customLatexTemplate }) {
        if (template === "custom" && customLatexTemplate === null)
          throw new AppError("VALIDATION_ERROR", "This résumé has no LaTeX of its own.");
        return { version: `${template}/1`, hash: contentHash([template, pageLimit, customLatexTemplate]) };
      },
      warm: () => undefined,
      async makeLatex(input) {
        await keep("tex")(input);
        await keep("json")(input);
        return { notes: [] };
      },
      async makePdf(input) {
        await keep("pdf")(input);
        const page = world.measured?.(input) ?? { pages: 1, length: 0.5, limit: input.page.pageLimit };
        return { page, notes: [] };
      },
      of: async (_owner, runId, edition) =>
        [...made.values()].filter((file) => file.runId === runId && file.edition === edition),
      read: (_runId, artifactId) => Promise.resolve(made.get(artifactId) as unknown as ReadRunFile),
      async removeOfRuns(runIds) {
        for (const [id, { runId }] of made) if (runIds.includes(runId)) made.delete(id);
      },
    },
  };
}

export function runResume(content: ResumeContent, name = "Nursing"): RunResume {
  const hash = contentHash(content);
  const { scores } = evidenceScores({ masterResumeHash: hash, bullets: bulletsOf(content) });
  return {
    id: resumeId,
    name,
    contentHash: hash,
    content,
    customLatexTemplate: null,
    evidence: scores,
    evidenceCached: false,
  };
}

export function nurseWorld(): TestWorld {
  return {
    resume: runResume(nurse),
    posting: {
      id: postingId,
      posting: {
        jobUrl: "",
        platform: "pasted",
        title: "Emergency Nurse",
        company: "County Hospital",
        rawDescription: nursePosting,
      },
    },
    use: "model",
    rewriters: new Map(),
  };
}

/** Solves in this thread. */
export const plannerHere: RunMachineParts["planner"] = {
  warm: () => undefined,
  async plan(request) {
    const problem = problemOfRequest(request);
    return planOfRequest(
      request,
      problem,
      solveExactly(await loadHighs(), problem, { timeLimitSeconds: 60 }),
    );
  },
};

/** In memory, but for what is given. */
export function testRuns(
  world = nurseWorld(),
  options: Partial<Pick<RunMachineParts, "observe" | "repository" | "artefacts">> = {},
) {
  const repository = options.repository ?? runsInMemory();
  const ports = runPorts(world);
  const artefacts = options.artefacts ?? ports.artefacts;
  const clock = new FakeClock();
  const queued: string[] = [];
  const changes: string[] = [];
  const changed = ({ runId }: { runId: string }) => void changes.push(runId);
  const machine = createRunMachine({
    ...ports,
    artefacts,
    repository,
    planner: plannerHere,
    hashes: { hashOfContent: (hash) => `keyed-${hash}` },
    clock,
    metrics: createRunMetrics(createMetrics({ processMetrics: false })),
    changed,
    observe: options.observe,
  });
  const service = createRunsService({
    ...ports,
    artefacts,
    repository,
    clock,
    ids: countingIds(),
    changed,
    enqueue: async (runId) => void queued.push(runId),
  });
  let fence = 0;
  return {
    ...ports,
    world,
    repository,
    clock,
    machine,
    service,
    changes,
    queued,
    start: (input: object = {}) =>
      service.start(runOwner, {
        masterResumeId: resumeId,
        jobId: postingId,
        mockMode: false,
        ...defaultRunPage,
        pins: [],
        bans: [],
        ...input,
      }),
    /** As the queue would: each claim is a later one. */
    work: (runId: string, signal = new AbortController().signal) =>
      machine.run(runId, { fence: (fence += 1), signal }),
    view: (runId: string) => service.get(runOwner, runId),
  };
}
