// What is kept of how people are brought together: who waits, who was proposed to whom, and what became of it.
import type { StoredCollection } from "./inventory.ts";

const both = "The two people, by which proposals are found.";

export const aboutMatching: readonly StoredCollection[] = [
  {
    name: "matchingQueue",
    holds: "Who waits for a conversation, for how long and for whom; the last stay of each person.",
    deletion: "Theirs goes as a whole; in the places of others their id stays.",
    export: "Your place, as it is kept.",
    personal: {
      _id: "Whose place it is.",
      availableFrom: "From when they have time.",
      availableTo: "Until when they have time.",
      roles: "In which role they are here.",
      constraints: "For which topics, roles and organisations they ask, by which they are matched.",
      matchedWith: "Whom they were matched with.",
    },
    technical: ["entryId", "orgId", "status", "heldBy", "matchId", "createdAt", "updatedAt"],
  },
  {
    name: "matchingProposals",
    holds: "Who was proposed to whom in the queue, how well they fitted, and what they answered.",
    deletion: "Those to them go, whoever the other one is.",
    export: "What you answered; not what others did.",
    personal: {
      people: both,
      acceptedBy: "Who of them said yes.",
      declinedBy: "Who of them said no.",
      factors: "How well they fitted, by factor: numbers.",
      plan: "When they would meet, and who of them holds the meeting.",
    },
    technical: [
      "entryIds",
      "state",
      "yes",
      "weights",
      "score",
      "meetingId",
      "expiresAt",
      "createdAt",
      "updatedAt",
    ],
  },
  {
    name: "matchingAnalytics",
    holds: "What became of proposals, to make better ones: one a person and proposal.",
    deletion: "Theirs go as a whole.",
    export: "Yours, as they are kept.",
    personal: {
      _id: "Proposal and person, by their ids.",
      userId: "Whose answer it is.",
      outcome: "What they answered, or that they met.",
      features: "How well the two fitted, by factor: numbers.",
      came: "Whether they came to the meeting.",
      feedback: "How they rated it, as a number.",
    },
    technical: ["matchId", "weights", "createdAt"],
  },
];
