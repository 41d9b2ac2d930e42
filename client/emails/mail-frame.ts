// An email's HTML made ready for a sandboxed frame.

/** Links open in a tab of their own: the frame itself may go nowhere. */
export function framedMail(html: string): string {
  const base = `<base target="_blank">`;
  return /<head[^>]*>/i.test(html)
    ? html.replace(/<head[^>]*>/i, (head) => head + base)
    : `<!doctype html><html lang="en"><head><meta charset="utf-8">${base}</head><body>${html}</body></html>`;
}

/** "812 B", "1.4 kB" … with the units of ten that file managers show. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
