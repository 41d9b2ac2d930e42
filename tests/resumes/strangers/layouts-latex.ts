// Sources that pdfLaTeX sets: fonts with ligatures, words divided at the ends of lines, tables for dates.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";
import type { Layout } from "./layouts-html.ts";

const tex = (text: string) =>
  text
    .replace(/[&%$#_]/g, (sign) => `\\${sign}`)
    .replaceAll("£", "\\pounds{}")
    .replaceAll("š", "\\v{s}");
const dash = (range: string) => tex(range).replace(" - ", " -- ");
const items = (bullets: readonly { text: string }[]) =>
  bullets.length === 0
    ? ""
    : `\\begin{itemize}${bullets.map(({ text }) => `\\item ${tex(text)}`).join("\n")}\\end{itemize}\n`;

/** An academic one in the standard class and its oldest encoding. */
const academic: Layout = ({ basics, workExperience, education, skills, awards, links }: ResumeContent) =>
  `\\documentclass[11pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[margin=28mm]{geometry}\\pagestyle{plain}\\setlength{\\parindent}{0pt}
\\begin{document}
\\begin{center}{\\LARGE\\textsc{Curriculum Vitae}}\\\\[6pt]{\\Large ${basics.name}}\\\\ School of Mathematics\\\\ ${basics.location} $\\cdot$ ${basics.phone} $\\cdot$ \\texttt{${basics.email}} $\\cdot$ \\texttt{${links[0]}}\\end{center}
\\section*{Academic appointments}
${workExperience.map((role) => `\\textbf{${role.title}}, ${role.company}, ${role.location}\\hfill ${dash(role.dateRange)}\n${items(role.bullets)}`).join("\n")}
\\section*{Education}
${education.map((study) => `\\textbf{${study.degree}}, ${study.institution}, ${study.location}\\hfill ${dash(study.dates)}\\par`).join("\n")}
\\section*{Prizes and awards}
${items(awards.map(({ name, issuer, year }) => ({ text: `${name}, ${issuer}, ${year}` })))}
\\section*{Skills}
Languages: ${skills.programming_languages.join(", ")}\\par Other: ${skills.other_skills.join(", ")}
\\end{document}`;

/** Dates and labels in a narrow column, rules for headings, words divided by the font's own hyphen. */
const hints: Layout = ({
  basics,
  workExperience,
  education,
  skills,
  awards,
  links,
  summary,
}: ResumeContent) => {
  const entry = (left: string, right: string) =>
    `\\noindent\\begin{tabular}{@{}p{25mm}@{\\hspace{4mm}}p{118mm}@{}}\\raggedleft ${left}&${right}\\end{tabular}\\par\\smallskip\n`;
  const head = (text: string) =>
    `\\medskip\\noindent\\begin{tabular}{@{}p{25mm}@{\\hspace{4mm}}l@{}}\\rule[2pt]{25mm}{3pt}&{\\large\\bfseries ${text}}\\end{tabular}\\par\\smallskip\n`;
  const inside = (bullets: readonly { text: string }[]) =>
    bullets.map(({ text }) => `\\newline$\\circ$~${tex(text)}`).join("");
  return `\\documentclass[11pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{mathptmx}\\usepackage[margin=28mm]{geometry}\\pagestyle{empty}
\\begin{document}
\\noindent{\\Huge ${basics.name}}\\hfill\\begin{tabular}{r}${basics.location}\\\\ ${basics.phone}\\\\ ${basics.email}\\\\ ${links[0]}\\end{tabular}\\par\\noindent{\\Large\\itshape ${basics.headline}}\\par\\bigskip
\\noindent ${summary}\\par
${head("Experience")}${workExperience.map((role) => entry(dash(role.dateRange), `\\textbf{${role.title}}, \\textit{${role.company}}, ${role.location}.${inside(role.bullets)}`)).join("")}
${head("Education")}${education.map((study) => entry(dash(study.dates), `\\textbf{${study.degree}}, \\textit{${study.institution}}.`)).join("")}
${head("Awards")}${awards.map((award) => entry(award.year, tex(award.name))).join("")}
${head("Computer skills")}${entry("Languages", skills.programming_languages.join(", "))}${entry("Machine learning", skills.machine_learning_ai.join(", "))}
\\end{document}`;
};

export const sources: Readonly<Record<string, Layout>> = {
  "adeyemi-academic": academic,
  "kim-hints": hints,
};
