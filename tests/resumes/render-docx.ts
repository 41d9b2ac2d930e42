// A résumé as a Word document: styles for headings, numbered lists for lines, a tab before dates.
import { strToU8, zipSync } from "fflate";
import { skillCategories, type ResumeContent } from "../../shared/schemas/career/resume.ts";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const run = (text: string, bold = false) =>
  text
    .split("\t")
    .map(
      (part) =>
        `<w:r>${bold ? "<w:rPr><w:b/></w:rPr>" : ""}<w:t xml:space="preserve">${escaped(part)}</w:t></w:r>`,
    )
    .join("<w:r><w:tab/></w:r>");
const paragraph = (runs: string, properties = "") =>
  `<w:p>${properties === "" ? "" : `<w:pPr>${properties}</w:pPr>`}${runs}</w:p>`;
const style = (name: string) => `<w:pStyle w:val="${name}"/>`;
const item = (text: string) =>
  paragraph(run(text), `${style("ListParagraph")}<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`);

export function docxOf(content: ResumeContent): Uint8Array {
  const { basics, workExperience, projects, education, skills, awards } = content;
  const heading = (text: string) => paragraph(run(text), style("Heading1"));
  const body = [
    paragraph(run(basics.name), style("Title")),
    paragraph(run(basics.headline ?? "")),
    paragraph(run([basics.email, basics.phone, basics.location, ...content.links].join(" | "))),
    ...(content.summary === undefined ? [] : [heading("Summary"), paragraph(run(content.summary))]),
    heading("Work Experience"),
    ...workExperience.flatMap((role) => [
      paragraph(run(`${role.title}, ${role.company}`, true) + run(`\t${role.dateRange}`)),
      paragraph(run(role.location ?? "")),
      ...role.bullets.map(({ text }) => item(text)),
    ]),
    ...(projects.length === 0 ? [] : [heading("Projects")]),
    ...projects.flatMap((project) => [
      paragraph(run(project.name, true) + run(`\t${project.date ?? ""}`)),
      ...project.bullets.map(({ text }) => item(text)),
    ]),
    heading("Education"),
    ...education.map((entry) =>
      paragraph(
        run(entry.degree, true) +
          run(
            `, ${entry.institution}${entry.location === undefined ? "" : `, ${entry.location}`}\t${entry.dates}`,
          ),
      ),
    ),
    heading("Skills"),
    ...skillCategories
      .filter((category) => skills[category].length > 0)
      .map((category) => item(skills[category].join(", "))),
    heading("Awards"),
    ...awards.map((award) =>
      item([award.name, award.issuer, award.year].filter((part) => part !== "").join(", ")),
    ),
  ].join("");
  const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
  const types = "application/vnd.openxmlformats-officedocument.wordprocessingml";
  return zipSync({
    "[Content_Types].xml": xml(
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${types}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    ),
    "_rels/.rels": xml(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    "word/document.xml": xml(`<w:document ${word}><w:body>${body}</w:body></w:document>`),
    "word/styles.xml": xml(
      `<w:styles ${word}><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/></w:style></w:styles>`,
    ),
  });
}
