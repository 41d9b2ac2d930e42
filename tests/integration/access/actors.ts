// Everybody who may come to a door: by their place, and by what is wrong with their proof of identity.
import type { ErrorCode } from "../../../shared/errors.ts";

/** People with a good proof, by what they are to the meeting of the access tests. */
export const people = {
  host: "the meeting's host",
  participant: "a participant",
  observer: "an observer, with everybody's consent",
  impersonated: "the vendor's support, signed in as a participant whom OPERATORS names",
  left: "somebody who was removed from the meeting",
  stranger: "a host of another meeting in the same organisation",
  admin: "an administrator of the organisation, with no place in the meeting",
  operator: "an operator of the installation, with no place in the meeting",
  elsewhere: "a host of another meeting in another organisation",
  otherAdmin: "an administrator of another organisation",
} as const;
export type Person = keyof typeof people;
export const personNames = Object.keys(people) as Person[];

export const inTheMeeting = ["host", "participant", "observer", "impersonated"] as const;
export type MeetingPerson = (typeof inTheMeeting)[number];
export const isInTheMeeting = (person: Person): person is MeetingPerson =>
  (inTheMeeting as readonly Person[]).includes(person);

/** Proofs that open nothing, each with the one code that it is refused with at every door. */
export const badProofs = {
  none: { words: "no token", code: "UNAUTHENTICATED" },
  garbage: { words: "something that is no token", code: "UNAUTHENTICATED" },
  expired: { words: "a token that has run out", code: "SESSION_EXPIRED" },
  early: { words: "a token that is not valid yet", code: "UNAUTHENTICATED" },
  algNone: { words: "`alg: none`, without a signature", code: "UNAUTHENTICATED" },
  hmacWithPublicKey: { words: "HS256 with the public RS256 key as the secret", code: "UNAUTHENTICATED" },
  otherKey: { words: "signed by another key under our key's id", code: "UNAUTHENTICATED" },
  ownKey: { words: "signed by a key that it carries itself", code: "UNAUTHENTICATED" },
  unknownKey: { words: "a key id that nobody knows", code: "UNAUTHENTICATED" },
  otherIssuer: { words: "another issuer", code: "UNAUTHENTICATED" },
  noSession: { words: "a good signature over claims without a session", code: "UNAUTHENTICATED" },
  changed: { words: "claims changed after they were signed", code: "UNAUTHENTICATED" },
  cut: { words: "a signature that was cut", code: "UNAUTHENTICATED" },
  endedSession: { words: "a good token of a session that was signed out", code: "SESSION_EXPIRED" },
  removedMember: { words: "a good token of somebody removed from the organisation", code: "SESSION_EXPIRED" },
  deletedPerson: { words: "a good token of somebody deleted at the vendor", code: "SESSION_EXPIRED" },
  unknownApiKey: { words: "a machine's key that nobody made", code: "UNAUTHENTICATED" },
  revokedApiKey: { words: "a machine's key that was revoked", code: "UNAUTHENTICATED" },
} as const satisfies Record<string, { words: string; code: ErrorCode }>;
export type BadProof = keyof typeof badProofs;
export const badProofNames = Object.keys(badProofs) as BadProof[];
