// Reads email addresses out of what people paste.

/**
 * "Mara Li <mara@example.org>, tom@example.org; …" → the addresses, lower-cased, each once. Text without any address is
 * returned as one entry, so that nothing a person typed disappears.
 */
export function splitAddresses(text: string): string[] {
  const found = text.match(/[^\s<>,;:"()]+@[^\s<>,;:"()]+/g) ?? [];
  const addresses = [...new Set(found.map((address) => address.toLowerCase()))];
  return addresses.length === 0 ? [text.trim()].filter((rest) => rest !== "") : addresses;
}
