// Columns and tables, set after the import was mended for such: a grid with a coloured sidebar, two minipages, a form in Word.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";
import type { Layout } from "./layouts-html.ts";
import { documentOf } from "./layouts-word.ts";

const dash = (range: string) => range.replace(" - ", " – ");
const all = ({ skills }: ResumeContent) => Object.values(skills).flat();

/** The head over both columns; a sidebar at the left, shorter than what stands beside it. */
const sidebar: Layout = (content) => {
  const { basics, workExperience, education, awards, links, summary } = content;
  const list = (texts: readonly string[]) => `<ul>${texts.map((text) => `<li>${text}</li>`).join("")}</ul>`;
  return `<!doctype html><meta charset=utf-8><style>@page{size:A4;margin:0}body{margin:0;font:13px/1.45 "DejaVu Sans",sans-serif}header{background:#123;color:#fff;padding:9mm 14mm}h1{margin:0;font-size:30px}h2{font-size:15px;text-transform:uppercase;margin:5mm 0 2mm}main{display:grid;grid-template-columns:62mm 1fr;gap:7mm;padding:0 14mm 10mm 0}aside{background:#eef;padding:2mm 6mm 8mm 14mm}ul{margin:0;padding-left:4mm}aside ul{list-style:none;padding:0}.h{display:flex;justify-content:space-between;font-weight:700;margin-top:2mm}i{display:block}</style>
<header><h1>${basics.name}</h1>${basics.headline}</header><main><aside><h2>Contact</h2>${list([basics.location ?? "", basics.phone ?? "", basics.email ?? "", ...links])}<h2>Skills</h2>${list(all(content).slice(0, 5))}<h2>Languages</h2>${list(all(content).slice(5))}<h2>Certificates</h2>${list(awards.map(({ name, year }) => `${name} (${year})`))}</aside><section><h2>Profile</h2>${summary}<h2>Experience</h2>${workExperience.map((role) => `<div class=h><span>${role.title}</span><span>${dash(role.dateRange)}</span></div><i>${role.company}, ${role.location}</i>${list(role.bullets.map(({ text }) => text))}`).join("")}<h2>Education</h2>${education.map((one) => `<div class=h><span>${one.degree}</span><span>${dash(one.dates)}</span></div><i>${one.institution}</i>`).join("")}</section></main>`;
};

const tex = (text: string) => text.replace(/[&%$#_]/g, (sign) => `\\${sign}`);

/** Two boxes side by side, the narrow one at the right; dates in brackets. */
const minipages: Layout = (content) => {
  const { basics, workExperience, projects, education, awards, links, summary } = content;
  const head = (text: string) => `\\medskip{\\large\\bfseries\\color{teal} ${text}}\\par\\smallskip\n`;
  const lines = (texts: readonly string[]) => texts.map((text) => `${tex(text)}\\par\n`).join("");
  const items = (bullets: readonly { text: string }[]) =>
    `\\begin{itemize}\\setlength\\itemsep{0pt}${bullets.map(({ text }) => `\\item ${tex(text)}`).join("\n")}\\end{itemize}\n`;
  const entry = (first: string, second: string, dates: string) =>
    `\\textbf{${tex(first)}} (${dash(dates).replace("–", "--")})\\par ${second === "" ? "" : `\\textit{${tex(second)}}\\par`}\n`;
  return `\\documentclass[10pt,a4paper]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{xcolor}\\usepackage[margin=18mm]{geometry}\\pagestyle{empty}\\setlength{\\parindent}{0pt}
\\begin{document}
\\begin{center}{\\Huge\\bfseries ${basics.name}}\\par\\smallskip{\\Large ${basics.headline}}\\end{center}
\\begin{minipage}[t]{0.64\\textwidth}
${head("About me")}${tex(summary ?? "")}\\par
${head("Work Experience")}${workExperience.map((role) => entry(role.title, `${role.company}, ${role.location}`, role.dateRange) + items(role.bullets)).join("")}
${head("Projects")}${projects.map((one) => entry(one.name, "", one.date ?? "") + items(one.bullets)).join("")}
\\end{minipage}\\hfill\\begin{minipage}[t]{0.33\\textwidth}\\raggedright
${head("Contact")}${lines([basics.location ?? "", basics.phone ?? "", basics.email ?? "", ...links])}
${head("Education")}${education.map((one) => `\\textbf{${one.degree}}\\par ${one.institution}\\par ${dash(one.dates).replace("–", "--")}\\par\\smallskip\n`).join("")}
${head("Skills")}${lines(all(content).slice(0, 6))}
${head("Languages")}${lines(all(content).slice(6))}
${head("Awards")}${awards.map(({ name, year }) => `${name}, ${year}\\par\n`).join("")}
\\end{minipage}
\\end{document}`;
};

/** Details beside their labels, posts and studies in tables whose first rows name the columns. */
function form(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const run = (text: string, look = "") =>
    `<w:r><w:rPr>${look}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const paragraph = (text: string, look = "", properties = "") =>
    `<w:p><w:pPr>${properties}</w:pPr>${run(text, look)}</w:p>`;
  const cell = (body: string) => `<w:tc><w:tcPr><w:tcW w:w="2400" w:type="dxa"/></w:tcPr>${body}</w:tc>`;
  const row = (...cells: string[]) => `<w:tr>${cells.map(cell).join("")}</w:tr>`;
  const table = (...rows: string[]) =>
    `<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>${rows.join("")}</w:tbl><w:p/>`;
  const head = (text: string) => paragraph(text, '<w:b/><w:sz w:val="28"/>');
  const named = (...names: string[]) => row(...names.map((text) => paragraph(text, "<w:b/>")));
  const item = (text: string) =>
    paragraph(text, "", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>');
  return [
    paragraph("Curriculum Vitae", '<w:b/><w:sz w:val="36"/>'),
    table(
      ...[
        ["Name", basics.name],
        ["Profession", basics.headline ?? ""],
        ["Address", basics.location ?? ""],
        ["Telephone", basics.phone ?? ""],
        ["E-mail", basics.email ?? ""],
        ["Nationality", "Bulgarian"],
      ].map(([name = "", value = ""]) => row(paragraph(name, "<w:b/>"), paragraph(value))),
    ),
    head("Personal statement"),
    paragraph(summary ?? ""),
    head("Employment history"),
    table(
      named("From – to", "Employer", "Post and duties"),
      ...workExperience.map((role) =>
        row(
          paragraph(dash(role.dateRange)),
          paragraph(role.company) + paragraph(role.location ?? ""),
          paragraph(role.title, "<w:b/>") + role.bullets.map(({ text }) => item(text)).join(""),
        ),
      ),
    ),
    head("Education and qualifications"),
    table(
      named("Years", "School", "Qualification"),
      ...education.map((one) =>
        row(paragraph(dash(one.dates)), paragraph(one.institution), paragraph(one.degree)),
      ),
    ),
    head("Certificates"),
    table(...awards.map(({ name, year }) => row(paragraph(year), paragraph(name)))),
    head("Skills"),
    ...all(content)
      .slice(0, 4)
      .map((text) => item(text)),
    head("Languages"),
    paragraph(all(content).slice(4).join(", ")),
  ].join("");
}

export const columnPages: Readonly<Record<string, Layout>> = { "ferrari-sidebar": sidebar };
export const columnSources: Readonly<Record<string, Layout>> = { "osei-minipages": minipages };
export const columnDocuments: Readonly<Record<string, (content: ResumeContent) => Uint8Array>> = {
  "petrov-form": (content) => documentOf(form(content)),
};
