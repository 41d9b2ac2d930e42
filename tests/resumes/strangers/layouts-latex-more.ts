// More sources for pdfLaTeX: the European class, columns of a package, dates in a margin, small capitals.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";
import type { Layout } from "./layouts-html.ts";

const tex = (text: string) =>
  text.replace(/[&%$#_]/g, (sign) => `\\${sign}`).replaceAll("²", "\\textsuperscript{2}");
const dash = (range: string) => tex(range).replace(" - ", " -- ");
const items = (bullets: readonly { text: string }[]) =>
  bullets.length === 0
    ? ""
    : `\\begin{itemize}${bullets.map(({ text }) => `\\item ${tex(text)}`).join("\n")}\\end{itemize}`;
/** The European form in its class of today. */
const europass: Layout = ({ basics, workExperience, education, skills }: ResumeContent) =>
  `\\documentclass[english,a4paper]{europasscv}\\ecvname{${basics.name}}\\ecvaddress{${basics.location}}\\ecvmobile{${basics.phone}}\\ecvemail{${basics.email}}\\ecvnationality{Irish}
\\begin{document}\\begin{europasscv}\\ecvpersonalinfo
\\ecvsection{Work experience}
${workExperience.map((role) => `\\ecvtitle{${dash(role.dateRange)}}{${role.title}}\\ecvitem{}{${tex(role.company)}, ${role.location}}\\ecvitem{}{\\begin{ecvitemize}${role.bullets.map(({ text }) => `\\item ${tex(text)}`).join("\n")}\\end{ecvitemize}}`).join("\n")}
\\ecvsection{Education and training}
${education.map((one) => `\\ecvtitle{${dash(one.dates)}}{${one.degree}}\\ecvitem{}{${one.institution}, ${one.location}}`).join("\n")}
\\ecvsection{Personal skills}
\\ecvblueitem{Job-related skills}{\\begin{ecvitemize}${skills.other_skills.map((text) => `\\item ${text}`).join("\n")}\\end{ecvitemize}}
\\end{europasscv}\\end{document}`;

/** Two columns of a package, the narrow one at the right; headings in small capitals set apart; justified text. */
const columns: Layout = ({ basics, projects, education, skills, awards, links, summary }: ResumeContent) => {
  const head = (text: string) => `\\medskip{\\large\\textsc{\\textls[120]{${text}}}}\\par\\smallskip\n`;
  const all = skills.other_skills;
  return `\\documentclass[10pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{charter}\\usepackage[tracking=true]{microtype}\\usepackage{paracol}\\usepackage[margin=20mm]{geometry}\\pagestyle{empty}\\setlength{\\parindent}{0pt}
\\begin{document}
{\\Huge\\textsc{${basics.name}}}\\par\\smallskip{\\large ${basics.headline}}\\par\\medskip
\\columnratio{0.68}\\begin{paracol}{2}
${head("profile")}${summary}\\par
${head("selected projects")}${projects.map((one) => `\\textbf{${one.name}}\\hfill\\textit{${one.date}}\\par ${items(one.bullets)}`).join("\n")}
${head("education")}${education.map((one) => `\\textbf{${one.degree}}\\hfill\\textit{${dash(one.dates)}}\\par ${one.institution}, ${one.location}${one.gpa === undefined ? "" : ` (GPA: ${one.gpa})`}\\par\\smallskip`).join("\n")}
\\switchcolumn
${head("contact")}${basics.location}\\par ${basics.phone}\\par ${basics.email}\\par ${links[0]}\\par
${head("tools")}${all.slice(0, 5).join("\\par ")}\\par
${head("languages")}${all.slice(5).join("\\par ")}\\par
${head("awards")}${awards.map(({ name, year }) => `${name}, ${year}\\par`).join("\n")}
\\end{paracol}\\end{document}`;
};

/** Dates in a table's first column, headings in small capitals, an employer's name once over several posts. */
const tabular: Layout = ({ basics, workExperience, education, skills, awards }: ResumeContent) => {
  const head = (text: string) => `\\bigskip{\\Large\\scshape ${text}}\\par\\vspace{-2pt}\\hrule\\medskip\n`;
  const row = (left: string, right: string) =>
    `\\begin{tabular}[t]{@{}p{30mm}p{128mm}@{}}${left}&${right}\\end{tabular}\\par\\smallskip\n`;
  const employers = [...new Set(workExperience.map(({ company }) => company))];
  return `\\documentclass[11pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{mathpazo}\\usepackage[margin=24mm]{geometry}\\pagestyle{plain}\\setlength{\\parindent}{0pt}
\\begin{document}\\begin{center}{\\LARGE\\scshape ${basics.name}}\\\\[3pt]${basics.location} $\\bullet$ ${basics.phone} $\\bullet$ ${basics.email}\\end{center}
${head("Career History")}${employers
    .map((employer) => {
      const roles = workExperience.filter(({ company }) => company === employer);
      return (
        row("", `\\textbf{${employer}}, ${roles[0]?.location}`) +
        roles
          .map((role) => row(dash(role.dateRange), `\\textit{${role.title}}${items(role.bullets)}`))
          .join("")
      );
    })
    .join("")}
${head("Education")}${education.map((one) => row(dash(one.dates), `\\textbf{${one.degree}}, ${one.institution}${one.gpa === undefined ? "" : `, ${one.gpa}`}`)).join("")}
${head("Honours")}${awards.map(({ name, issuer, year }) => row(year, issuer === "" ? name : `${name}. ${issuer}`)).join("")}
${head("Skills")}${skills.other_skills.join(", ")}
\\end{document}`;
};

export const moreSources: Readonly<Record<string, Layout>> = {
  "brannigan-europass": europass,
  "yilmaz-paracol": columns,
  "thompson-tabular": tabular,
};
