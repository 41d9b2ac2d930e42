// What on a page can be followed: the address that a link leads to.

/**
 * Absolute, in ASCII, with everything percent-encoded that means something to a typesetter and can be; null where it is
 * neither http(s), nor mail, nor looks like the name of a web page.
 */
export function linkTarget(text: string): string | null {
  if (/[\s\\]/u.test(text)) return null;
  const whole = withScheme(text);
  if (whole === null || !URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return null;
  return url.href
    .replace(/[^A-Za-z0-9\-._:/?#@!&()*+,;=%]/gu, (character) => encodeURIComponent(character))
    .replace(/[~']/gu, (character) => (character === "~" ? "%7E" : "%27"));
}

function withScheme(text: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/iu.test(text)) return text;
  if (/^[^@/]+@[^@/]+\.[^@/]+$/u.test(text)) return `mailto:${text}`;
  return /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[/?#]|$)/u.test(text) ? `https://${text}` : null;
}
