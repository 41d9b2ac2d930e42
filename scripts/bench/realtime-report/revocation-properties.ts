// What ends a person's rights, and the tests that measure how long their streams on two nodes live on.
import { integration, p99, type Property } from "./properties.ts";

const full = { REVOKED_STREAMS: "200" };
const within = (titles: string[], ...figures: string[]) => [
  integration(
    "tests/chaos/revocation.test.ts",
    titles,
    full,
    figures.map((figure) => p99(figure, 1_000)),
  ),
];

/** Each counts from the answer of whoever ended it to the last stream; what comes afterwards is refused. */
export const revocationProperties: Property[] = [
  {
    number: 1,
    name: "a session ended elsewhere, revoked at the vendor (also an impersonated one), or signed out",
    evidence: within(["[END-1]"], "sessionEndedMs", "sessionRevokedMs", "signedOutMs"),
  },
  {
    number: 2,
    name: "a member removed by a page or at the vendor, an organisation deleted",
    evidence: within(["[END-2]"], "memberRemovedMs", "membershipEndedMs", "organizationDeletedMs"),
  },
  {
    number: 3,
    name: "a person deleted at the vendor",
    evidence: within(["[END-3]"], "personDeletedMs"),
  },
  {
    number: 4,
    name: "removed from a meeting, made an observer with and without everybody's consent, no longer its host",
    evidence: within(["[END-4]"], "removedMs", "roleTakenMs", "readOnlyMs", "hostNoMoreMs"),
  },
  {
    number: 5,
    name: "consent to observers taken back",
    evidence: within(["[END-5]"], "sharingWithdrawnMs"),
  },
  {
    number: 6,
    name: "consent to captions taken back",
    evidence: within(["[END-6]"], "captionsRefusedMs"),
  },
  {
    number: 7,
    name: "an administrator made a member, by a page or at the vendor: refused by every node",
    evidence: within(["[END-7]"], "administratorNoMoreMs"),
  },
  {
    number: 8,
    name: "who waits for a match blocks, is blocked, leaves the organisation or is deleted: their card is gone",
    evidence: within(
      ["[END-8]"],
      "blockedInQueueMs",
      "blocksInQueueMs",
      "removedInQueueMs",
      "deletedInQueueMs",
    ),
  },
];
