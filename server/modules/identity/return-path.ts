// Where a person lands after signing in: only ever a page of this site.

const maxChars = 1_000;

/** The path where it is one of ours, else `/`. */
export function safeReturnPath(returnTo: string): string {
  if (returnTo.length > maxChars || !returnTo.startsWith("/")) return "/";
  try {
    // Resolved as a browser would: `//host` and `/\host` lead elsewhere.
    const url = new URL(returnTo, "http://this-site.invalid");
    if (url.host !== "this-site.invalid") return "/";
    // Back to the sign-in itself would go round in circles.
    if (/^\/(auth|local-sign-in|api)(\/|$)/.test(url.pathname)) return "/";
    return `${url.pathname}${url.search}${url.hash}`;
  } catch {
    return "/";
  }
}
