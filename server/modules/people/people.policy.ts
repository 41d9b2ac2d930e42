// Who may see a person and what of them: one table.
import type { ConnectionState } from "../../../shared/schemas/people.ts";

export interface Standing {
  self: boolean;
  /** Either has blocked the other. */
  blocked: boolean;
  /** They belong to the organisation in which the reader is now. */
  sharesOrganization: boolean;
  /** Both have a place in a meeting that the reader may open from where they are. */
  sharesMeeting: boolean;
  connection: ConnectionState;
}

export function maySeePerson(standing: Standing): boolean {
  const { self, blocked, sharesOrganization, sharesMeeting, connection } = standing;
  if (self) return true;
  if (blocked) return false;
  // Whoever asks shows themselves by it; whoever was asked need not.
  return sharesOrganization || sharesMeeting || connection === "connected" || connection === "incoming";
}

export function maySeeGoals({ self, connection }: Pick<Standing, "self" | "connection">): boolean {
  return self || connection === "connected";
}
