// What the endpoints of pairing rounds and of learned weights do.
import type { PairingService, WeightsService } from "../../modules/matching/index.ts";
import type { matchingRoundsEndpoints } from "../../../shared/contract/matching-rounds-endpoints.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createMatchingRoundsHandlers({
  pairing,
  matchingWeights,
}: {
  pairing: PairingService;
  matchingWeights: WeightsService;
}): Pick<Handlers, keyof typeof matchingRoundsEndpoints> {
  return {
    adminPairingGroups: (actor) => pairing.groups(actor),
    createPairingGroup: (actor, { body }) => pairing.create(actor, body),
    adminPairingGroup: (actor, { params }) => pairing.group(actor, params.groupId),
    changePairingGroup: (actor, { params, body }) => pairing.change(actor, params.groupId, body),
    adminPairingRound: (actor, { params }) => pairing.round(actor, params.roundId),
    publishPairingRound: (actor, { params, body }) =>
      pairing.publish(actor, params.roundId, body.fingerprint),
    skipPairingRound: (actor, { params }) => pairing.skip(actor, params.roundId),
    adminMatchingWeights: (actor) => matchingWeights.history(actor),
    learnMatchingWeights: (actor) => matchingWeights.learn(actor),
    applyMatchingWeights: (actor, { body }) => matchingWeights.apply(actor, body),
    ownPairing: (actor) => pairing.own(actor),
    changeOwnPairing: (actor, { params, body }) => pairing.stay(actor, params.groupId, body.stay),
  };
}
