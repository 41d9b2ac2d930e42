// LaTeX that a person wrote: placeholders are filled, and what could reach beyond the page is refused in words.
import { AppError } from "../../../../../shared/errors.ts";
import { careerBounds } from "../../../../../shared/schemas/career/bounds.ts";
import { headings, type Page, type SectionName } from "../page/page.ts";
import { latexReach, latexSection } from "./body.ts";
import { latexText } from "./escape.ts";
import { readableSymbols } from "./templates.ts";

const sectionNames = Object.keys(headings) as SectionName[];

/**
 * Written as `{{name}}`. `{{sections}}` stands for every section that the template does not place itself. What they are
 * replaced by is escaped text in calls of the macros below, which a template may define in its own way.
 */
export const placeholders = ["name", "headline", "contact", "links", ...sectionNames, "sections"] as const;

/** Refused wherever they stand: they read or write files, run programs, or build the names of commands that do. */
const refusedCommands = new Set(
  (
    "input include includeonly InputIfFileExists IfFileExists subfile import openin openout read readline write closein " +
    "closeout immediate special directlua latelua luaexec luadirect luacode csname endcsname catcode scantokens " +
    "lccode uccode makeatletter RequirePackage ExplSyntaxOn ExplSyntaxOff NewDocumentCommand UseName " +
    "includegraphics includepdf includesvg graphicspath lstinputlisting verbatiminput listfiles endinput batchmode " +
    "primitive shellescape ShellEscape write18 everyjob jobname font loop typein typeout tracingall " +
    "DeclareGraphicsRule XeTeXpicfile XeTeXpdffile nullfont char expandafter uppercase lowercase string meaning " +
    "LoadClass PassOptionsToPackage filecontents tempfile newwrite newread AtBeginDvi AtEndDocument AtBeginDocument"
  ).split(" "),
);
/** Of etoolbox, which other packages and memoir bring along: they build names of commands, or read their text anew. */
const builtNames =
  /^(?:if|un|g?un)?cs(?!c$)[a-z]|^letcs$|listcs|^(?:ifpatchable|patchcmd|apptocmd|pretocmd)$/u;
const allowedPdfCommands = new Set([
  "pdfgentounicode",
  "pdfinfoomitdate",
  "pdftrailerid",
  "pdfsuppressptexinfo",
]);
const allowedPackages = new Set(
  (
    "inputenc fontenc textcomp iftex geometry xcolor color hyperref url microtype parskip setspace ragged2e array tabularx " +
    "enumitem titlesec fancyhdr lastpage multicol needspace etoolbox calc ulem soul mathptmx helvet times palatino " +
    "charter bookman newcent courier avant lmodern tgpagella tgtermes tgheros tgbonum tgschola tgadventor tgcursor " +
    "sourcesanspro sourceserifpro libertinus ebgaramond cmap amsmath amssymb latexsym babel"
  ).split(" "),
);
const allowedClasses = new Set([
  "article",
  "extarticle",
  "report",
  "letter",
  "scrartcl",
  "scrreprt",
  "memoir",
  "minimal",
]);
const refusedEnvironments = new Set([
  "filecontents",
  "filecontents*",
  "luacode",
  "luacode*",
  "verbatim",
  "lstlisting",
  "input",
]);

/** Throws VALIDATION_ERROR with a sentence for each thing that is in the way. */
export function customLatexSource(template: string, page: Page): string {
  const faults = templateFaults(template);
  if (faults.length > 0) {
    throw new AppError("VALIDATION_ERROR", `This template cannot be used. ${faults.join(" ")}`, {
      details: { fields: { template: faults } },
    });
  }
  const placed = new Set([...template.matchAll(/\{\{([a-z]+)\}\}/gu)].map(([, name]) => name));
  const section = (name: SectionName) => page.sections.find((one) => one.name === name);
  const filled = (name: string): string => {
    if (name === "name") return latexText(page.name);
    if (name === "headline") return latexText(page.headline);
    if (name === "contact") return latexReach(page.contact);
    if (name === "links") return latexReach(page.links);
    const chosen =
      name === "sections"
        ? page.sections.filter((one) => !placed.has(one.name))
        : [section(name as SectionName)];
    return chosen.flatMap((one) => (one === undefined ? [] : [latexSection(one)])).join("\n");
  };
  return template
    .replace("\\begin{document}", () => `${defaultMacros}\n\\begin{document}`)
    .replace(/\{\{([a-z]+)\}\}/gu, (_, name: string) => filled(name));
}

/** Sentences; none where the template can be used. */
export function templateFaults(template: string): string[] {
  const faults: string[] = [];
  const say = (sentence: string) => void (faults.includes(sentence) || faults.push(sentence));
  if (template.length > careerBounds.templateMaxChars)
    return [`It is longer than ${careerBounds.templateMaxChars} characters.`];
  if (template.split("\\begin{document}").length !== 2) say("It needs \\begin{document} once.");
  if (!template.includes("\\documentclass")) say("It needs a \\documentclass.");
  const used = [...template.matchAll(/\{\{([^{}]*)\}\}/gu)].map(([, name = ""]) => name);
  for (const name of used)
    if (!(placeholders as readonly string[]).includes(name))
      say(
        `{{${name.slice(0, 40)}}} is no placeholder; there are ${placeholders.map((one) => `{{${one}}}`).join(", ")}.`,
      );
  for (const name of ["name", "sections"])
    if (!used.includes(name)) say(`It needs {{${name}}}, so that nothing of the résumé is lost.`);
  for (const name of new Set(used))
    if (used.filter((one) => one === name).length > 1) say(`{{${name}}} stands in it twice.`);
  // Whatever spells a command otherwise is refused as a whole: what follows reads the commands as they stand.
  if (template.includes("^^")) say("Characters written with ^^ are refused.");
  if (/[^\P{Cc}\t\n\r]/u.test(template)) say("Control characters are refused.");
  for (const [, command = ""] of template.matchAll(/\\([A-Za-z@]+)/gu)) {
    if (isRefused(command)) say(`\\${command} is refused.`);
  }
  for (const [, names = ""] of template.matchAll(/\\usepackage\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}/gu))
    for (const name of names.split(",").map((one) => one.trim()))
      if (!allowedPackages.has(name))
        say(`The package ${name.slice(0, 40)} is refused; see the list in the documentation.`);
  if (count(template, /\\usepackage/gu) !== count(template, /\\usepackage\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}/gu))
    say("Every \\usepackage needs the names of its packages in braces.");
  const classes = [...template.matchAll(/\\documentclass\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}/gu)];
  if (classes.length !== count(template, /\\documentclass/gu))
    say("A \\documentclass needs a name in braces.");
  for (const [, name = ""] of classes)
    if (!allowedClasses.has(name.trim())) say(`The class ${name.slice(0, 40)} is refused.`);
  for (const [, name = ""] of template.matchAll(/\\begin\s*\{([^{}]*)\}/gu))
    if (
      refusedEnvironments.has(name.trim()) ||
      !/^\s*[A-Za-z]+\*?\s*$/u.test(name) ||
      // To begin an environment is to call the command of its name.
      isRefused(name.trim())
    )
      say(`The environment ${name.slice(0, 40)} is refused.`);
  if (count(template, /\\begin/gu) !== count(template, /\\begin\s*\{[^{}]*\}/gu))
    say("Every \\begin needs a name in braces.");
  return faults;
}

function isRefused(command: string): boolean {
  return (
    command.includes("@") ||
    refusedCommands.has(command) ||
    builtNames.test(command) ||
    (/^(?:pdf|luatex|lua|XeTeX)/u.test(command) && !allowedPdfCommands.has(command))
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const defaultMacros = String.raw`
\ifdefined\pdfgentounicode
  \ifcsname T@T1\endcsname ${readableSymbols}\fi
  \input{glyphtounicode}\pdfgentounicode=1
  \pdfinfoomitdate=1 \pdftrailerid{}\pdfsuppressptexinfo=-1
\fi
\providecommand{\cvseparator}{\ \textbar\ }
\providecommand{\cvsection}[1]{\section*{#1}}
\providecommand{\cvtext}[1]{#1\par}
\providecommand{\cvskills}[2]{\textbf{#1:} #2\par}
\providecommand{\cvaddress}[1]{#1\par}
\providecommand{\cvpart}[1]{\if\relax\detokenize{#1}\relax\else #1\par\fi}
\providecommand{\cventry}[5]{\par\medskip\cvpart{\textbf{#1}}\cvpart{#2}\cvpart{#3}\cvpart{#4}\cvpart{#5}}
\providecommand{\href}[2]{#2}
\ifcsname cvitems\endcsname\else\newenvironment{cvitems}{\begin{itemize}}{\end{itemize}}\fi`;
