// Writes a generated page under docs/reports, so that a figure can be found together with the command that made it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export async function writeReport(name: string, report: { command: string; text: string }): Promise<string> {
  const directory = join(import.meta.dirname, "..", "docs", "reports");
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${name}.md`);
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(
    file,
    `# ${name}\n\nGenerated on ${date} by \`${report.command}\` with Node ${process.version}; do not edit.\n\n\`\`\`\n${report.text.trim()}\n\`\`\`\n`,
  );
  return file;
}
