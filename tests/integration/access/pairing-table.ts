// What administrators may do with groups for pairing, and their people; others neither see them nor find them.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import type { AdminRow } from "./admin-table.ts";
import type { OpenRow } from "./table.ts";

export function pairingGroup(name: string) {
  return {
    name,
    kind: "peer",
    everybody: true,
    members: [],
    schedule: {
      firstDay: "2099-01-05",
      atMinute: 600,
      timeZone: "UTC",
      everyWeeks: 1,
      withinDays: 0,
      durationMinutes: 30,
      publishHours: 24,
      remindHours: 24,
      automatic: false,
    },
  };
}

export const pairingAdminEndpoints = {
  adminPairingGroups: { path: "/api/v1/admin/matching/groups", admin: 200 },
  createPairingGroup: { path: "/api/v1/admin/matching/groups", body: pairingGroup("Matrix"), admin: 201 },
  adminPairingGroup: {
    path: ({ pairingGroupId }) => `/api/v1/admin/matching/groups/${pairingGroupId}`,
    admin: 200,
  },
  changePairingGroup: {
    path: ({ pairingGroupId }) => `/api/v1/admin/matching/groups/${pairingGroupId}`,
    body: { ...pairingGroup("Matrix"), version: 1, active: true },
    admin: 200,
  },
  adminPairingRound: {
    path: ({ pairingGroupId }) => `/api/v1/admin/matching/rounds/${pairingGroupId}-1`,
    admin: 200,
  },
  // Not what was seen.
  publishPairingRound: {
    path: ({ pairingGroupId }) => `/api/v1/admin/matching/rounds/${pairingGroupId}-1/publish`,
    body: { fingerprint: "matrix" },
    admin: 409,
  },
  skipPairingRound: {
    path: ({ pairingGroupId }) => `/api/v1/admin/matching/rounds/${pairingGroupId}-1/skip`,
    admin: 200,
  },
  adminMatchingWeights: { path: "/api/v1/admin/matching/weights", admin: 200 },
  learnMatchingWeights: { path: "/api/v1/admin/matching/learning", admin: 202 },
  applyMatchingWeights: {
    path: "/api/v1/admin/matching/weights",
    body: { version: 0, revertTo: 0 },
    admin: 200,
  },
} satisfies Partial<Record<keyof typeof endpoints, AdminRow>>;

export const ownPairingEndpoints = {
  ownPairing: { path: "/api/v1/me/pairing" },
  changeOwnPairing: {
    path: ({ pairingGroupId }) => `/api/v1/me/pairing/${pairingGroupId}`,
    body: { stay: "in" },
    hiddenFrom: ["elsewhere", "otherAdmin"],
  },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
