// What people do with what is theirs alone, and with each other in the matching queue, for the audit log to show.
import type { Resume } from "../../../shared/schemas/career/resumes.ts";
import type { RunSummary } from "../../../shared/schemas/career/runs.ts";
import type { OwnMatching } from "../../../shared/schemas/matching.ts";
import type { PairingRound } from "../../../shared/schemas/matching-rounds.ts";
import type { Plan } from "../../../shared/schemas/plans.ts";
import type { TestServer } from "../../factories/server.ts";
import { until } from "../../factories/nodes.ts";
import { pairingGroup } from "./pairing-table.ts";

export interface Doers {
  token: TestServer["token"];
  api<Answer>(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
}

/** A development plan, a résumé and a run, from beginning to end. */
export async function keepOwnThings(token: string, { api }: Pick<Doers, "api">): Promise<void> {
  const plan = await api<Plan>(token, "POST", "/api/v1/plans", { targetRole: "Coach" });
  const planPath = `/api/v1/plans/${plan.id}`;
  await api(token, "PATCH", planPath, { status: "paused" });
  const { milestones } = await api<Plan>(token, "POST", `${planPath}/milestones`, { title: "Begin" });
  const milestone = `${planPath}/milestones/${milestones[0]?.id ?? ""}`;
  await api(token, "PATCH", milestone, { completed: true });
  await api(token, "DELETE", milestone);
  await api(token, "DELETE", planPath);
  const content = { name: "Audited" };
  const resume = await api<Resume>(token, "POST", "/api/v1/career/resumes", { content });
  const resumePath = `/api/v1/career/resumes/${resume.id}`;
  await api(token, "PATCH", resumePath, { revision: resume.revision, name: "Audited again" });
  await api(token, "POST", `${resumePath}/activate`);
  await api(token, "PUT", `${resumePath}/public`, { parts: ["summary"] });
  await api(token, "DELETE", `${resumePath}/public`);
  await api(token, "DELETE", resumePath);
  await api(token, "POST", `${resumePath}/restore`);
  const text = "Coach\nRequirements\n- Experience with coaching of teams";
  const { posting } = await api<{ posting: { id: string } }>(token, "POST", "/api/v1/career/postings", {
    text,
  });
  const input = { masterResumeId: resume.id, jobId: posting.id };
  const run = await api<RunSummary>(token, "POST", "/api/v1/career/runs", input);
  const runPath = `/api/v1/career/runs/${run.runId}`;
  await api(token, "POST", `${runPath}/cancel`);
  await api(token, "PUT", `${runPath}/selection`, { pins: [], bans: [] });
  await api(token, "POST", `${runPath}/cancel`);
  await api(token, "POST", `${runPath}/retry`);
  await api(token, "DELETE", runPath);
  await api(token, "POST", `${runPath}/restore`);
}

/** Three people wait for each other: one says no to one and yes to the other; an administrator publishes a round. */
export async function meetByMatching({ token, api }: Doers): Promise<void> {
  const place = { org: "Acme" };
  const [one, two, three] = await Promise.all(
    ["waits-one", "waits-two", "waits-three"].map((name) => token(`${name}@example.org`, name, place)),
  );
  if (one === undefined || two === undefined || three === undefined) throw new Error("Three people wait.");
  const availableTo = new Date(Date.now() + 2 * 60 * 60_000).toISOString();
  for (const each of [one, two, three]) {
    await api(each, "GET", "/api/v1/me");
    await api(each, "POST", "/api/v1/matching/queue", { availableTo });
  }
  const mine = () => api<OwnMatching>(one, "GET", "/api/v1/matching/queue/mine");
  await until(async () => (await mine()).proposals.length === 2, "both others to be proposed");
  const [first, second] = (await mine()).proposals;
  const proposal = (id: string | undefined) => `/api/v1/matching/queue/proposals/${id ?? ""}`;
  await api(one, "POST", `${proposal(first?.id)}/decline`);
  await api(one, "POST", `${proposal(second?.id)}/accept`);
  await api(three, "DELETE", "/api/v1/matching/queue/mine");

  const admin = await token("admin@example.org", "admin", { org: "Acme", role: "admin" });
  const groups = "/api/v1/admin/matching/groups";
  const group = await api<{ id: string }>(admin, "POST", groups, pairingGroup("Audited"));
  const round = `/api/v1/admin/matching/rounds/${group.id}-1`;
  const { fingerprint } = await api<PairingRound>(admin, "GET", round);
  await api(admin, "POST", `${round}/publish`, { fingerprint });
}
