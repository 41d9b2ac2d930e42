// The page around every email's HTML: one column of 600 px, light by inline styles, dark where the reader's program is.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";

// Mail programs drop style sheets at will: everything is styled inline for a light page, and the sheet only turns it dark.
const ink = "#1f2430";
const quiet = "#5b6270";
/** Long words without a break, such as addresses, must not widen the column. */
const breaking = "overflow-wrap:anywhere;word-break:break-word";

export interface EmailPage {
  language: EmailLanguage;
  /** Shown as the heading; text, not markup. */
  heading: string;
  /** Markup in order; null is left out. */
  blocks: readonly (string | null)[];
}

export function emailPage({ language, heading, blocks }: EmailPage): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(heading)}</title>
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #14161c !important; }
  .card { background: #1e212a !important; }
  .ink, h1 { color: #eceef4 !important; }
  .quiet { color: #a9b0c0 !important; }
  .quote { color: #eceef4 !important; border-color: #8fa2ff !important; }
  .button { background: #8fa2ff !important; color: #14161c !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f8">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f8"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:12px"><tr><td class="ink" style="padding:28px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:${ink};${breaking}">
<h1 style="margin:0 0 4px;font-size:22px;line-height:1.3;color:${ink}">${escapeHtml(heading)}</h1>
${blocks.filter((block) => block !== null).join("\n")}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

// The pieces below take markup, which their callers have escaped; `quietPart` and `buttonPart` take text.

export function paragraph(markup: string, marginPx = 16): string {
  return `<p class="ink" style="margin:0 0 ${marginPx}px;color:${ink}">${markup}</p>`;
}

export function quietPart(text: string, { marginPx = 12, sizePx = 16 } = {}): string {
  return `<p class="quiet" style="margin:0 0 ${marginPx}px;font-size:${sizePx}px;color:${quiet}">${escapeHtml(text)}</p>`;
}

/** The large numbered list that an email is read for. */
export function numbered(items: readonly string[]): string {
  return `<ol style="margin:0 0 16px;padding:0 0 0 24px;font-size:18px;line-height:1.5">${items
    .map((item) => `<li class="ink" style="margin:0 0 8px;color:${ink}">${item}</li>`)
    .join("")}</ol>`;
}

export function bulleted(items: readonly string[]): string {
  return `<ul style="margin:0 0 16px;padding:0 0 0 24px">${items
    .map((item) => `<li class="ink" style="margin:0 0 4px;color:${ink}">${item}</li>`)
    .join("")}</ul>`;
}

export function quotation(markup: string): string {
  return `<blockquote class="quote" style="margin:0 0 20px;padding:8px 16px;border-left:4px solid #4f6bed;color:${ink}">${markup}</blockquote>`;
}

export function quietly(text: string): string {
  return `<span class="quiet" style="color:${quiet}">${escapeHtml(text)}</span>`;
}

export function buttonPart(label: string, link: string): string {
  return `<p style="margin:0 0 20px"><a class="button" href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3451d1;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(label)}</a></p>`;
}

/** What stands small below everything else: why it came, and a way out. */
export function footnote(text: string, link: { label: string; href: string } | null = null): string {
  const way =
    link === null
      ? ""
      : ` <a class="quiet" href="${escapeHtml(link.href)}" style="color:${quiet}">${escapeHtml(link.label)}</a>`;
  return `<p class="quiet" style="margin:12px 0 0;font-size:14px;color:${quiet}">${escapeHtml(text)}${way}</p>`;
}

export function escapeHtml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
