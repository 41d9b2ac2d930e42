// Keys that make a retry harmless; `crypto.randomUUID` exists on secure origins only, so this does without.

/** 128 random bits in hexadecimal. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
