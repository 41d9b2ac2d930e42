// Whether an address can be read back: a lone % in a password must be written as %25.

export function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export const notPercentEncoded = "must have its user and password percent-encoded, a % as %25";
