// More Word documents: details in a foot, styles of lists, tables for details and skills, the long form of public offices.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";
import { strToU8, unzipSync, zipSync } from "fflate";
import { documentOf } from "./layouts-word.ts";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const dash = (range: string) => range.replace(" - ", " – ");
const run = (text: string, look = "") =>
  `<w:r>${look === "" ? "" : `<w:rPr>${look}</w:rPr>`}<w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;
const bold = (text: string) => run(text, "<w:b/>");
const tab = "<w:r><w:tab/></w:r>";
const paragraph = (runs: string, properties = "") => `<w:p><w:pPr>${properties}</w:pPr>${runs}</w:p>`;
const styled = (id: string) => `<w:pStyle w:val="${id}"/>`;
const stops = '<w:tabs><w:tab w:val="right" w:pos="9600"/></w:tabs>';
const cell = (body: string) => `<w:tc><w:tcPr><w:tcW w:w="3200" w:type="dxa"/></w:tcPr>${body}</w:tc>`;
const row = (...cells: string[]) => `<w:tr>${cells.map(cell).join("")}</w:tr>`;
const table = (...rows: string[]) =>
  `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>${rows.join("")}</w:tbl>`;
const all = ({ skills }: ResumeContent) => Object.values(skills).flat();

/** Dates at a tab, dashes typed before items, how to reach its owner in the document's foot. */
function footed(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const head = (text: string) => paragraph(run(text), styled("Heading1"));
  const item = (text: string) => paragraph(run(`– ${text}`), '<w:ind w:left="360" w:hanging="180"/>');
  return [
    paragraph(run(basics.name), styled("Title")),
    paragraph(run(basics.headline ?? ""), styled("Subtitle")),
    head("Profile"),
    paragraph(run(summary ?? "")),
    head("Professional Background"),
    ...workExperience.flatMap((role) => [
      paragraph(bold(`${role.company}, ${role.location}`) + tab + run(dash(role.dateRange)), stops),
      paragraph(run(role.title, "<w:i/>")),
      ...role.bullets.map(({ text }) => item(text)),
    ]),
    head("Education"),
    ...education.map((one) =>
      paragraph(bold(one.degree) + run(`, ${one.institution}`) + tab + run(dash(one.dates)), stops),
    ),
    head("Certifications & Licences"),
    ...awards.map((one) => paragraph(run(`${one.name}, ${one.issuer}`) + tab + run(one.year), stops)),
    head("IT and Languages"),
    paragraph(bold("IT: ") + run(all(content).slice(0, 4).join(", "))),
    paragraph(bold("Languages: ") + run(all(content).slice(4).join(", "))),
  ].join("");
}

/** Names of styles alone say what is a list; headings are made by hand, in colour. */
function listStyles(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const head = (text: string) =>
    paragraph(run(text, '<w:b/><w:caps/><w:color w:val="7030A0"/><w:sz w:val="26"/>'));
  const item = (text: string) => paragraph(run(text), styled("ListBullet"));
  const employers = [...new Set(workExperience.map(({ company }) => company))];
  return [
    paragraph(run(basics.name, '<w:b/><w:sz w:val="40"/>'), '<w:jc w:val="center"/>'),
    paragraph(run(basics.headline ?? ""), '<w:jc w:val="center"/>'),
    paragraph(run(`T: ${basics.phone}   E: ${basics.email}   ${basics.location}`), '<w:jc w:val="center"/>'),
    head("Personal profile"),
    paragraph(run(summary ?? "")),
    head("Employment"),
    ...employers.flatMap((employer) => {
      const roles = workExperience.filter(({ company }) => company === employer);
      return [
        paragraph(run(`${employer}, ${roles[0]?.location}`, "<w:b/><w:u w:val='single'/>")),
        ...roles.flatMap((role) => [
          paragraph(run(`${dash(role.dateRange)}: `) + run(role.title, "<w:b/>")),
          ...role.bullets.map(({ text }) => item(text)),
        ]),
      ];
    }),
    head("Education & qualifications"),
    ...education.flatMap((one) => [
      paragraph(run(`${dash(one.dates)}: `) + bold(one.degree)),
      paragraph(run(one.institution)),
    ]),
    head("Training and licences"),
    ...awards.map(({ name, year }) => item(year === "" ? name : `${name} (${year})`)),
    head("Skills"),
    ...all(content).slice(0, 5).map(item),
    head("Languages"),
    paragraph(run(all(content).slice(5).join(" and "))),
    head("References"),
    paragraph(run("Available on request.")),
  ].join("");
}

/** Details and skills in tables of three columns, an "o" typed before items, employers in capitals. */
function typedTables(content: ResumeContent): string {
  const { basics, workExperience, education, awards } = content;
  const head = (text: string) =>
    paragraph(run(text.toUpperCase(), "<w:b/>"), '<w:pBdr><w:bottom w:val="single"/></w:pBdr>');
  const abilities = all(content);
  return [
    paragraph(run(basics.name.toUpperCase(), '<w:b/><w:sz w:val="36"/>')),
    paragraph(run(basics.headline ?? "")),
    table(
      row(
        paragraph(run(basics.location ?? "")),
        paragraph(run(basics.phone ?? "")),
        paragraph(run(basics.email ?? "")),
      ),
    ),
    head("Core Competencies"),
    table(
      row(...abilities.slice(0, 3).map((text) => paragraph(run(text)))),
      row(...abilities.slice(3).map((text) => paragraph(run(text)))),
    ),
    head("Professional Experience"),
    ...workExperience.flatMap((role) => [
      paragraph(bold(role.company.toUpperCase()) + tab + run(role.location ?? ""), stops),
      paragraph(run(role.title, "<w:b/><w:i/>") + tab + run(dash(role.dateRange)), stops),
      ...role.bullets.map(({ text }) => paragraph(run(`o\u00a0\u00a0${text}`))),
    ]),
    head("Education"),
    ...education.map((one) => paragraph(run(`${one.degree}, ${one.institution}, ${one.dates}`))),
    head("Licenses, Certifications & Awards"),
    ...awards.map(({ name, year }) => paragraph(run(`o\u00a0\u00a0${name}, ${year}`))),
  ].join("");
}

/** The long form that public offices ask for: hours, pay and supervisors below each post. */
function publicOffice(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const head = (text: string) => paragraph(run(`${text}:`, "<w:b/><w:u w:val='single'/>"));
  return [
    paragraph(run(basics.name, '<w:b/><w:sz w:val="32"/>')),
    paragraph(run(basics.location ?? "")),
    paragraph(run(`Mobile: ${basics.phone}`)),
    paragraph(run(`Email: ${basics.email}`)),
    head("Professional Summary"),
    paragraph(run(summary ?? "")),
    head("Work Experience"),
    ...workExperience.flatMap((role) => [
      paragraph(bold(role.title)),
      paragraph(run(role.company)),
      paragraph(run(role.location ?? "")),
      paragraph(run(role.dateRange)),
      paragraph(run("Hours per week: 40")),
      ...role.bullets.map(({ text }) =>
        paragraph(run(text), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'),
      ),
    ]),
    head("Education"),
    ...education.flatMap((one) => [
      paragraph(bold(`${one.degree}, ${one.dates}`)),
      paragraph(run(`${one.institution}, ${one.location}`)),
      ...(one.gpa === undefined ? [] : [paragraph(run(`GPA: ${one.gpa} of a maximum 4.0`))]),
    ]),
    head("Licenses and Certifications"),
    ...awards.slice(0, 2).map(({ name, year }) => paragraph(run(year === "" ? name : `${name}, ${year}`))),
    head("Job Related Honors and Awards"),
    ...awards.slice(2).map(({ name, year }) => paragraph(run(`${name}, ${year}`))),
    head("Skills"),
    paragraph(run(all(content).join("; "))),
  ].join("");
}

/** The file with a foot beside its body. */
function withFoot(bytes: Uint8Array, text: string): Uint8Array {
  const parts = unzipSync(bytes);
  const w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  parts["word/footer1.xml"] = strToU8(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr xmlns:w="${w}">${paragraph(run(text))}</w:ftr>`,
  );
  return zipSync(parts, { mtime: "1990-01-01" });
}

export const moreDocuments: Readonly<Record<string, (content: ResumeContent) => Uint8Array>> = {
  "silva-footed": (content) =>
    withFoot(
      documentOf(footed(content)),
      [content.basics.location, content.basics.phone, content.basics.email, ...content.links].join(" | "),
    ),
  "hassan-styles": (content) => documentOf(listStyles(content)),
  "grant-columns": (content) => documentOf(typedTables(content)),
  "novotny-office": (content) => documentOf(publicOffice(content)),
};
