// Who may see a person's photo: one rule.

export interface Acquaintance {
  self: boolean;
  /** Either has blocked the other. */
  blocked: boolean;
  /** They belong to the organisation in which the reader is now. */
  sharesOrganization: boolean;
  /** Both have a place in a meeting that the reader may open from where they are. */
  sharesMeeting: boolean;
}

export function maySeePhoto({ self, blocked, sharesOrganization, sharesMeeting }: Acquaintance): boolean {
  return self || (!blocked && (sharesOrganization || sharesMeeting));
}
