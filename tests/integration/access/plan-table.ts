// Development plans: everybody who is signed in has their own; nobody finds another's, and none is shown to whoever acts as somebody.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { OpenRow } from "./table.ts";

const nobodys = "f".repeat(24);
const plan = `/api/v1/plans/${nobodys}`;

export const planRows = {
  listPlans: { path: "/api/v1/plans", impersonated: 403 },
  createPlan: { path: "/api/v1/plans", body: { targetRole: "Matrix" }, impersonated: 403 },
  changePlan: { path: plan, body: { status: "paused" }, answer: 404, impersonated: 403 },
  deletePlan: { path: plan, answer: 404, impersonated: 403 },
  addMilestone: { path: `${plan}/milestones`, body: { title: "Matrix" }, answer: 404, impersonated: 403 },
  changeMilestone: {
    path: `${plan}/milestones/${nobodys}`,
    body: { completed: true },
    answer: 404,
    impersonated: 403,
  },
  deleteMilestone: { path: `${plan}/milestones/${nobodys}`, answer: 404, impersonated: 403 },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
