// The rows of the REST table for rounds of pairing: administrators plan and publish them, members say whether they take part.
import { z } from "zod";
import {
  applyWeightsSchema,
  changePairingGroupSchema,
  changeStaySchema,
  createPairingGroupSchema,
  ownPairingSchema,
  pairingGroupIdSchema,
  pairingGroupListSchema,
  pairingGroupSchema,
  pairingRoundIdSchema,
  pairingRoundSchema,
  publishRoundSchema,
  weightsHistorySchema,
} from "../schemas/matching-rounds.ts";
import { endpoint } from "./endpoint.ts";

const group = z.object({ groupId: pairingGroupIdSchema });
const round = z.object({ roundId: pairingRoundIdSchema });

export const matchingRoundsEndpoints = {
  adminPairingGroups: endpoint({
    method: "GET",
    path: "/api/v1/admin/matching/groups",
    access: "org-admin",
    summary: "The organisation's groups for pairing, each with its next and its last round",
    response: pairingGroupListSchema,
  }),
  createPairingGroup: endpoint({
    method: "POST",
    path: "/api/v1/admin/matching/groups",
    access: "org-admin",
    summary: "Plan rounds of pairing for people of the organisation",
    status: 201,
    body: createPairingGroupSchema,
    response: pairingGroupSchema,
  }),
  adminPairingGroup: endpoint({
    method: "GET",
    path: "/api/v1/admin/matching/groups/:groupId",
    access: "org-admin",
    summary: "A group, its people and its latest rounds",
    params: group,
    response: pairingGroupSchema,
  }),
  changePairingGroup: endpoint({
    method: "PATCH",
    path: "/api/v1/admin/matching/groups/:groupId",
    access: "org-admin",
    summary: "Change a group, let it rest or wake it; the round that comes moves with it",
    params: group,
    body: changePairingGroupSchema,
    response: pairingGroupSchema,
  }),
  adminPairingRound: endpoint({
    method: "GET",
    path: "/api/v1/admin/matching/rounds/:roundId",
    access: "org-admin",
    summary:
      "Who meets whom in a round and why, who meets nobody and why; as it would be now, until it is published",
    params: round,
    response: pairingRoundSchema,
  }),
  publishPairingRound: endpoint({
    method: "POST",
    path: "/api/v1/admin/matching/rounds/:roundId/publish",
    access: "org-admin",
    summary: "Fix the pairs that were seen, and have their meetings made",
    status: 202,
    params: round,
    body: publishRoundSchema,
    response: pairingRoundSchema,
  }),
  skipPairingRound: endpoint({
    method: "POST",
    path: "/api/v1/admin/matching/rounds/:roundId/skip",
    access: "org-admin",
    summary: "Leave a round out; the next one is planned",
    params: round,
    response: pairingGroupSchema,
  }),
  adminMatchingWeights: endpoint({
    method: "GET",
    path: "/api/v1/admin/matching/weights",
    access: "org-admin",
    summary: "The organisation's weights, who applied which when, and what was last learned from outcomes",
    response: weightsHistorySchema,
  }),
  learnMatchingWeights: endpoint({
    method: "POST",
    path: "/api/v1/admin/matching/learning",
    access: "org-admin",
    summary:
      "Learn weights from what became of matches, and compare them on outcomes that were not learned from",
    status: 202,
    response: weightsHistorySchema,
  }),
  applyMatchingWeights: endpoint({
    method: "POST",
    path: "/api/v1/admin/matching/weights",
    access: "org-admin",
    summary: "Use the weights that were learned, or go back to an earlier version",
    body: applyWeightsSchema,
    response: weightsHistorySchema,
  }),
  ownPairing: endpoint({
    method: "GET",
    path: "/api/v1/me/pairing",
    access: "signed-in",
    summary: "The rounds of pairing that one takes part in, and whom one meets",
    response: ownPairingSchema,
  }),
  changeOwnPairing: endpoint({
    method: "PUT",
    path: "/api/v1/me/pairing/:groupId",
    access: "signed-in",
    summary: "Take part in a group's rounds, stay out of the next one, or of all",
    params: group,
    body: changeStaySchema,
    response: ownPairingSchema,
  }),
} as const;
