// What is kept to run the product: audit log, jobs, limits, flags, processes.
import type { StoredCollection } from "./inventory.ts";

export const aboutOperating: readonly StoredCollection[] = [
  {
    name: "auditLogs",
    holds: "Who did what, when and from where; never what was said or written.",
    sealed: {
      impersonator: "The address of whoever acted as another person.",
      ipAddress: "From where.",
      userAgent: "With which program.",
    },
    personal: {
      actorUserId: "Who did it, by which the log is searched.",
      resourceId: "What it was done to, by which the log is searched; for an account, whose.",
      metadata: "Codes, roles and ids of what was done.",
    },
    technical: [
      "timestamp",
      "orgId",
      "apiKeyId",
      "resourceType",
      "action",
      "outcome",
      "requestId",
      "salt",
      "personalHash",
      "unsealed",
      "sequence",
      "hash",
    ],
  },
  {
    name: "auditBlocks",
    holds: "The chain of hashes over the audit log.",
    technical: ["firstSequence", "previousHash", "hash", "entries"],
  },
  {
    name: "idempotencyKeys",
    holds: "Answers to requests of the last day, for whoever repeats one.",
    sealed: { body: "The answer, with whatever it says of people." },
    technical: ["requestHash", "status", "lockedUntil", "createdAt", "expiresAt"],
  },
  {
    name: "featureFlags",
    holds: "What is switched on for whom.",
    sealed: {
      onForPeople: "Addresses of people for whom it is on.",
      offForPeople: "Addresses of people for whom it is off.",
    },
    personal: { updatedBy: "Who decided it last." },
    technical: [
      "key",
      "environment",
      "value",
      "rolloutPercentage",
      "onForOrganizations",
      "offForOrganizations",
      "version",
      "createdAt",
      "updatedAt",
    ],
  },
  {
    name: "jobs",
    holds: "Background work and how it ended; names things by their ids.",
    technical: [
      "name",
      "key",
      "payload",
      "state",
      "dueAt",
      "leaseToken",
      "attempts",
      "claims",
      "trace",
      "error",
      "createdAt",
      "updatedAt",
      "doneAt",
    ],
  },
  {
    name: "rateLimits",
    holds: "How often somebody did something lately; whom it counts is a hash.",
    technical: ["count", "expiresAt"],
  },
  {
    name: "objectiveSteps",
    holds: "How well the service ran, in counts.",
    technical: ["name", "at", "good", "total"],
  },
  {
    name: "identityEvents",
    holds: "Which events of the identity vendor were taken, by their ids.",
    technical: ["expiresAt"],
  },
  {
    name: "identityCursors",
    holds: "Up to where the identity vendor's events were read.",
    technical: ["after", "updatedAt"],
  },
  {
    name: "nodes",
    holds: "Processes that serve, and that served lately.",
    technical: ["host", "pid", "beats", "alone", "state", "startedAt", "heartbeatAt", "closedAt"],
  },
];
