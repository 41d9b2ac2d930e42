// Documents made by hand for tests: pages of lines, of a picture alone, and behind a password.

/** Lines at their places on one page, in Helvetica; none make a page as a scanner leaves it. */
export function pdfOf(
  lines: readonly { x: number; y: number; text: string; size?: number; bold?: boolean }[],
  { locked = false }: { locked?: boolean } = {},
): Buffer {
  const drawn = lines
    .map(
      ({ x, y, text, size = 11, bold = false }) =>
        `BT /F${bold ? 2 : 1} ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/gu, "\\$&").replaceAll("•", "\u0095")}) Tj ET`,
    )
    .join("\n");
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
    `<< /Length ${Buffer.byteLength(drawn, "latin1")} >>\nstream\n${drawn}\nendstream`,
    font("Helvetica"),
    font("Helvetica-Bold"),
    // No password opens it: the keys are of nothing.
    `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${"ab".repeat(32)}> /U <${"cd".repeat(32)}> >>`,
  ];
  let file = "%PDF-1.4\n";
  const starts = objects.map((object, at) => {
    const start = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const id = `<${"01".repeat(16)}>`;
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R${locked ? ` /Encrypt 7 0 R /ID [${id} ${id}]` : ""} >>`;
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${trailer}\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + end, "latin1");
}
