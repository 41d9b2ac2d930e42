// Sets the people of this directory, each in the one layout that is theirs. The files are kept: this shows how they came to be.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resumeContentSchema, type ResumeContent } from "../../../shared/schemas/career/resume.ts";
import { columnDocuments, columnPages, columnSources } from "./layouts-columns.ts";
import { morePages } from "./layouts-html-more.ts";
import { pages } from "./layouts-html.ts";
import { moreSources } from "./layouts-latex-more.ts";
import { sources } from "./layouts-latex.ts";
import { moreDocuments } from "./layouts-word-more.ts";
import { documentOf, documents } from "./layouts-word.ts";

const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), "connvo-strangers-"));

function contentOf(name: string): ResumeContent {
  const [person = ""] = name.split("-");
  const truth = readFileSync(join(here, "people", `${person}.json`), "utf8");
  return resumeContentSchema.parse(JSON.parse(truth));
}

for (const [name, layout] of Object.entries({ ...pages, ...morePages, ...columnPages })) {
  const html = join(work, `${name}.html`);
  writeFileSync(html, layout(contentOf(name)));
  const to = `--print-to-pdf=${join(here, `${name}.pdf`)}`;
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", to, html];
  execFileSync(process.env["CONNVO_CHROMIUM"] ?? "chromium", flags, { stdio: "ignore" });
}
// The European class wants a package only to underline addresses.
writeFileSync(
  join(work, "soul.sty"),
  "\\newcommand\\sodef[5]{}\\newcommand\\so[1]{#1}\\newcommand\\setul[2]{}\\newcommand\\ul[1]{#1}\n",
);
for (const [name, layout] of Object.entries({ ...sources, ...moreSources, ...columnSources })) {
  writeFileSync(join(work, `${name}.tex`), layout(contentOf(name)));
  const flags = ["-interaction=batchmode", "-halt-on-error", "-no-shell-escape", `${name}.tex`];
  execFileSync(process.env["CONNVO_PDFLATEX"] ?? "pdflatex", flags, { cwd: work, stdio: "ignore" });
  copyFileSync(join(work, `${name}.pdf`), join(here, `${name}.pdf`));
}
for (const [name, layout] of Object.entries(documents))
  writeFileSync(join(here, `${name}.docx`), documentOf(layout(contentOf(name))));
for (const [name, layout] of Object.entries({ ...moreDocuments, ...columnDocuments }))
  writeFileSync(join(here, `${name}.docx`), layout(contentOf(name)));
rmSync(work, { recursive: true });
