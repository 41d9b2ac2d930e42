// Word documents as word processors and templates write them: tables, text boxes, signs typed by hand, controls around words.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";
import { zipSync, strToU8 } from "fflate";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const dash = (range: string) => range.replace(" - ", " – ");
const run = (text: string, look = "") =>
  `<w:r>${look === "" ? "" : `<w:rPr>${look}</w:rPr>`}<w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;
const bold = (text: string) => run(text, "<w:b/><w:bCs/>");
const big = (text: string) => run(text, '<w:b/><w:sz w:val="44"/>');
const tab = "<w:r><w:tab/></w:r>";
const newLine = "<w:r><w:br/></w:r>";
const paragraph = (runs: string, properties = "") =>
  `<w:p w:rsidR="00A1"><w:pPr>${properties}</w:pPr>${runs}</w:p>`;
const styled = (id: string) => `<w:pStyle w:val="${id}"/>`;
const item = (text: string) =>
  paragraph(run(text), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>');
const cell = (body: string, width: number) =>
  `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/></w:tcPr>${body}</w:tc>`;
const table = (...rows: string[]) =>
  `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="2600"/><w:gridCol w:w="7000"/></w:tblGrid>${rows.map((row) => `<w:tr>${row}</w:tr>`).join("")}</w:tbl>`;
const all = ({ skills }: ResumeContent) => Object.values(skills).flat();

/** A template of two columns that is one table of one row. */
function oneTable(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const head = (text: string) => paragraph(run(text.toUpperCase(), '<w:b/><w:color w:val="2E74B5"/>'));
  const left = [
    head("Contact"),
    ...[basics.phone, basics.email, basics.location].map((text) => paragraph(run(text ?? ""))),
    head("Skills"),
    ...all(content).slice(0, 4).map(item),
    head("Languages"),
    ...all(content)
      .slice(4)
      .map((text) => paragraph(run(text))),
    head("Awards"),
    ...awards.map(({ name, year }) => paragraph(run(`${name} (${year})`))),
  ].join("");
  const right = [
    paragraph(big(basics.name)),
    paragraph(run(basics.headline ?? "", "<w:i/>")),
    head("Profile"),
    paragraph(run(summary ?? "")),
    head("Professional Experience"),
    ...workExperience.flatMap((role) => [
      paragraph(bold(role.title) + run(` | ${role.company}`)),
      paragraph(run(`${dash(role.dateRange)} | ${role.location}`, "<w:i/>")),
      ...role.bullets.map(({ text }) => item(text)),
    ]),
    head("Education"),
    ...education.flatMap((study) => [
      paragraph(bold(study.degree)),
      paragraph(run(`${study.institution}, ${study.location}, ${dash(study.dates)}`)),
    ]),
  ].join("");
  return table(cell(left, 2600) + cell(right, 7000));
}

/** Side matter in text boxes, which stand a second time for older programs. */
function textBoxes(content: ResumeContent): string {
  const { basics, workExperience, education, awards, links, summary } = content;
  const box = (body: string) =>
    `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>${body}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>${body}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`;
  const head = (text: string) => paragraph(bold(text));
  return [
    box(paragraph(big(basics.name)) + paragraph(run(basics.headline ?? ""))),
    box(
      head("Contact") +
        [basics.location, basics.phone, basics.email, links[0]]
          .map((text) => paragraph(run(text ?? "")))
          .join("") +
        head("Core competencies") +
        all(content)
          .slice(0, 4)
          .map((text) => paragraph(run(text)))
          .join("") +
        head("Languages") +
        paragraph(run(all(content).slice(4).join(", "))),
    ),
    head("Profile"),
    paragraph(run(summary ?? "")),
    head("Work History"),
    ...workExperience.flatMap((role) => [
      paragraph(bold(role.company) + tab + run(role.location ?? "")),
      paragraph(run(role.title, "<w:i/>") + tab + run(dash(role.dateRange))),
      ...role.bullets.map(({ text }) => item(text)),
    ]),
    head("Education"),
    ...education.map((study) =>
      paragraph(
        bold(study.degree) + run(`, ${study.institution}, ${study.location}`) + tab + run(dash(study.dates)),
      ),
    ),
    head("Certifications"),
    ...awards.map(({ name, year }) => item(`${name}, ${year}`)),
  ].join("");
}

/** Everything typed: signs and tabs for lists, line breaks instead of paragraphs, spaces before dates. */
function typed(content: ResumeContent): string {
  const { basics, workExperience, education, awards, summary } = content;
  const head = (text: string) => paragraph(run(`${text}:`, '<w:b/><w:u w:val="single"/>'));
  return [
    paragraph(run(basics.name, '<w:sz w:val="36"/>'), '<w:jc w:val="center"/>'),
    paragraph(
      run(`Phone: ${basics.phone}`) +
        newLine +
        run(`E-mail: ${basics.email}`) +
        newLine +
        run(`Address: ${basics.location}`),
    ),
    head("Summary"),
    paragraph(run(summary ?? "")),
    head("Work experience"),
    ...workExperience.map((role) =>
      paragraph(
        bold(`${role.company}, ${role.location}`) +
          newLine +
          run(`${role.title}            ${dash(role.dateRange)}`) +
          role.bullets.map(({ text }) => newLine + run("•") + tab + run(text)).join(""),
      ),
    ),
    head("Education"),
    ...education.map((study) =>
      paragraph(run(`${dash(study.dates)}`) + tab + run(`${study.degree}, ${study.institution}`)),
    ),
    head("Licences"),
    ...awards.map(({ name, year }) => paragraph(run(`- ${name}, ${year}`))),
    head("Skills"),
    paragraph(run(all(content).join(", "))),
  ].join("");
}

/** As an online editor exports: words in pieces, controls around parts, headings by style, tags that say nothing. */
function exported(content: ResumeContent): string {
  const { basics, workExperience, projects, education, awards, links, skills, summary } = content;
  const pieces = (text: string, look = "") =>
    text
      .split(/(?<=\s)/)
      .map((word) => run(word, `${look}<w:rtl w:val="0"/>`))
      .join("");
  const control = (body: string) =>
    `<w:sdt><w:sdtPr><w:tag w:val="goog_rdk_1"/></w:sdtPr><w:sdtContent>${body}</w:sdtContent></w:sdt>`;
  const head = (text: string) => paragraph(pieces(text), styled("Heading1"));
  const sub = (text: string) => paragraph(pieces(text), styled("Heading2"));
  return [
    control(paragraph(pieces(basics.name), styled("Title"))),
    paragraph(pieces(basics.headline ?? ""), styled("Subtitle")),
    paragraph(pieces([basics.location, basics.phone, basics.email, links[0]].join(" · "))),
    paragraph(pieces(summary ?? "")),
    head("Experience"),
    ...workExperience.flatMap((role) => [
      sub(`${role.company}, ${role.location} — ${role.title}`),
      paragraph(pieces(dash(role.dateRange).toUpperCase()), styled("Heading3")),
      ...role.bullets.map(({ text }) => item(text)),
    ]),
    head("Personal projects"),
    ...projects.flatMap((project) => [
      sub(`${project.name} — ${project.date}`),
      ...project.bullets.map(({ text }) => paragraph(pieces(text))),
    ]),
    head("Education"),
    ...education.flatMap((study) => [
      sub(`${study.institution} — ${study.degree}`),
      paragraph(pieces(dash(study.dates)), styled("Heading3")),
    ]),
    head("Skills"),
    paragraph(pieces(`Languages: ${skills.programming_languages.join(", ")}`)),
    paragraph(pieces(`Tools: ${skills.tools_cloud_technologies.join(", ")}`)),
    head("Certificates"),
    ...awards.map(({ name, year }) => paragraph(pieces(`${name}, ${year}`))),
  ].join("");
}

/** A German one whose every section is a table of dates and what was done. */
function tables(content: ResumeContent): string {
  const { basics, workExperience, education, awards } = content;
  const row = (left: string, right: string) => cell(paragraph(run(left)), 2600) + cell(right, 7000);
  const head = (text: string) => paragraph(run(text, '<w:b/><w:sz w:val="26"/>'));
  return [
    paragraph(run(basics.name, '<w:b/><w:sz w:val="40"/>')),
    paragraph(run(basics.headline ?? "")),
    paragraph(run(`${basics.location} | Tel. ${basics.phone} | ${basics.email}`)),
    head("Beruflicher Werdegang"),
    table(
      ...workExperience.map((role) =>
        row(
          dash(role.dateRange),
          paragraph(bold(role.title)) +
            paragraph(run(`${role.company}, ${role.location}`)) +
            role.bullets.map(({ text }) => item(text)).join(""),
        ),
      ),
    ),
    head("Schule und Ausbildung"),
    table(
      ...education.map((study) =>
        row(dash(study.dates), paragraph(bold(study.degree)) + paragraph(run(study.institution))),
      ),
    ),
    head("Zertifikate"),
    table(...awards.map(({ name, year }) => row(year, paragraph(run(name))))),
    head("EDV-Kenntnisse"),
    paragraph(run(all(content).slice(0, 4).join(", "))),
    head("Sprachkenntnisse"),
    paragraph(run(all(content).slice(4).join(", "))),
  ].join("");
}

export const documents: Readonly<Record<string, (content: ResumeContent) => string>> = {
  "rossi-table": oneTable,
  "haddad-boxes": textBoxes,
  "lindqvist-typed": typed,
  "okoye-exported": exported,
  "bauer-tables": tables,
};

/** The file around a body; the same body has the same bytes. */
export function documentOf(body: string): Uint8Array {
  const office = "http://schemas.openxmlformats.org";
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
  const style = (id: string, name: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  const names = `xmlns:w="${office}/wordprocessingml/2006/main" xmlns:mc="${office}/markup-compatibility/2006" xmlns:wp="${office}/drawingml/2006/wordprocessingDrawing" xmlns:a="${office}/drawingml/2006/main" xmlns:wps="urn:wps" xmlns:v="urn:v"`;
  const main = "application/vnd.openxmlformats-officedocument.wordprocessingml";
  return zipSync(
    {
      "[Content_Types].xml": xml(
        `<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${main}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${main}.styles+xml"/></Types>`,
      ),
      "_rels/.rels": xml(
        `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
      ),
      "word/document.xml": xml(`<w:document ${names}><w:body>${body}</w:body></w:document>`),
      "word/styles.xml": xml(
        `<w:styles ${names}>${style("Title", "Title")}${style("Subtitle", "Subtitle")}${style("Heading1", "heading 1")}${style("Heading2", "heading 2")}${style("Heading3", "heading 3")}</w:styles>`,
      ),
    },
    { mtime: "1990-01-01" },
  );
}
