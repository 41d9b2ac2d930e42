// What stands in place of the words and the name of somebody whose account was deleted.

/** In transcripts and chat: the line stays where it was, so that what others said around it keeps its order. */
export const erasedText = "[deleted with its author's account]";
export const erasedName = "Deleted person";
/** Of an address nobody can have (RFC 2606): nothing is ever sent to it. */
const erasedEmailDomain = "deleted.invalid";

export function erasedEmail(userId: string): string {
  return `${userId}@${erasedEmailDomain}`;
}

export function isErasedEmail(email: string): boolean {
  return email.endsWith(`@${erasedEmailDomain}`);
}
