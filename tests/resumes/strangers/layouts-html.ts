// Pages as people in several countries write them, for Chromium to print; each layout is one person's alone.
import type { ResumeContent } from "../../../shared/schemas/career/resume.ts";

export type Layout = (content: ResumeContent) => string;

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const dash = (range: string) => range.replace(" - ", " – ");
const page = (css: string, body: string, size = "A4;margin:18mm 16mm") =>
  `<!doctype html><meta charset="utf-8"><style>@page{size:${size}}body{margin:0}p,h1,h2,h3,ul{margin:0}${css}</style>${body}`;
const list = (bullets: readonly { text: string }[], mark = "") =>
  bullets.length === 0
    ? ""
    : mark === ""
      ? `<ul>${bullets.map(({ text }) => `<li>${escaped(text)}</li>`).join("")}</ul>`
      : bullets.map(({ text }) => `<p class=b><span class=m>${mark}</span>${escaped(text)}</p>`).join("");
const skillsOf = ({ skills }: ResumeContent) => Object.values(skills).flat();
const isLanguage = (skill: string) =>
  /^(?:Deutsch|Englisch|Français|Anglais|Italien|Español|Inglés|Czech|German|English|Japanese)\b/.test(skill);
const split = (content: ResumeContent) => ({
  abilities: skillsOf(content).filter((skill) => !isLanguage(skill)),
  languages: skillsOf(content).filter(isLanguage),
});

/** A German Lebenslauf: a title above the name, labels beside personal details, dates in a column, nothing in English. */
const lebenslauf: Layout = (content) => {
  const { basics, workExperience, education } = content;
  const { abilities, languages } = split(content);
  const row = (left: string, right: string) => `<tr><td>${left}</td><td>${right}</td></tr>`;
  return page(
    "body{font:11pt/1.35 'DejaVu Serif'}h1{font-size:20pt}h2{font-size:12pt;margin:14pt 0 4pt;border-bottom:.5pt solid}td{vertical-align:top;padding:0 0 5pt}td:first-child{width:44mm}ul{padding-left:5mm}table{border-collapse:collapse}.b{padding-left:4mm;text-indent:-4mm}.m{display:inline-block;width:4mm;text-indent:0}",
    `<h1>Lebenslauf</h1><h2>Persönliche Daten</h2><table>${row("Name", basics.name)}${row("Beruf", basics.headline ?? "")}${row("Wohnort", basics.location ?? "")}${row("Telefon", basics.phone ?? "")}${row("E-Mail", basics.email ?? "")}</table>` +
      `<h2>Berufserfahrung</h2><table>${workExperience.map((role) => row(dash(role.dateRange), `<b>${role.title}</b><br>${escaped(role.company)}, ${role.location}${list(role.bullets, "–")}`)).join("")}</table>` +
      `<h2>Ausbildung</h2><table>${education.map((study) => row(dash(study.dates), `<b>${study.degree}</b><br>${study.institution}`)).join("")}</table>` +
      `<h2>Kenntnisse</h2><p>${abilities.join(", ")}</p><h2>Sprachen</h2><p>${languages.join(", ")}</p>`,
  );
};

/** A French CV with a coloured column at the right. */
const colonneDroite: Layout = (content) => {
  const { basics, workExperience, education, links, summary } = content;
  const { abilities, languages } = split(content);
  return page(
    "body{font:10pt/1.4 'DejaVu Sans'}main{width:118mm}aside{position:absolute;right:0;top:0;width:56mm;background:#dde7ee;padding:4mm;box-sizing:border-box}h1{font-size:19pt}h2{font-size:11pt;color:#246;margin:10pt 0 3pt}h3{font-size:10pt;margin-top:5pt}.q{color:#555}ul{padding-left:5mm;list-style:square}",
    `<main><h1>${basics.name}</h1><p class=q>${basics.headline}</p><h2>PROFIL</h2><p>${summary}</p><h2>EXPÉRIENCES PROFESSIONNELLES</h2>` +
      workExperience
        .map(
          (role) =>
            `<h3>${role.title}</h3><p>${role.company}, ${role.location}</p><p class=q>${dash(role.dateRange)}</p>${list(role.bullets)}`,
        )
        .join("") +
      `<h2>FORMATION</h2>${education.map((study) => `<h3>${study.degree}</h3><p>${study.institution}, ${study.location} (${dash(study.dates)})</p>`).join("")}</main>` +
      `<aside><h2>COORDONNÉES</h2><p>${basics.location}</p><p>Tél. : ${basics.phone}</p><p>${basics.email}</p><p>${links[0]}</p><h2>COMPÉTENCES</h2>${list(abilities.map((text) => ({ text })))}<h2>LANGUES</h2>${languages.map((one) => `<p>${one}</p>`).join("")}</aside>`,
  );
};

/** As an online editor exports it: grey headings, dates under the employer, in Spanish. */
const documento: Layout = (content) => {
  const { basics, workExperience, education, awards, summary } = content;
  const { abilities, languages } = split(content);
  return page(
    "body{font:11pt/1.5 'DejaVu Sans'}h1{font-size:26pt;font-weight:400}h2{font-size:13pt;color:#666;font-weight:400;margin:14pt 0 2pt}h3{font-size:11pt;margin-top:8pt}.d{font-size:9pt;color:#666}ul{padding-left:10mm}",
    `<h1>${basics.name}</h1><p>${basics.headline}</p><p class=d>${basics.location} — ${basics.phone} — ${basics.email}</p><h2>Perfil profesional</h2><p>${summary}</p><h2>Experiencia laboral</h2>` +
      workExperience
        .map(
          (role) =>
            `<h3>${role.company}, ${role.location} — <span style="font-weight:400;font-style:italic">${role.title}</span></h3><p class=d>${dash(role.dateRange)}</p>${list(role.bullets)}`,
        )
        .join("") +
      `<h2>Formación académica</h2>${education.map((study) => `<h3>${study.institution} — <span style="font-weight:400;font-style:italic">${study.degree}</span></h3><p class=d>${dash(study.dates)}</p>`).join("")}` +
      `<h2>Premios</h2>${awards.map((award) => `<p>${award.name}, ${award.issuer}, ${award.year}</p>`).join("")}<h2>Habilidades</h2><p>${abilities.join(" · ")}</p><h2>Idiomas</h2><p>${languages.join(", ")}</p>`,
  );
};

/** The European form: what each thing is stands in a narrow column at the left, in capitals. */
const european: Layout = (content) => {
  const { basics, workExperience, education } = content;
  const { abilities, languages } = split(content);
  const block = (label: string, body: string) =>
    `<section><div class=l>${label}</div><div class=r>${body}</div></section>`;
  return page(
    "body{font:10pt/1.4 'DejaVu Sans Condensed'}section{display:grid;grid-template-columns:48mm 1fr;gap:6mm;margin-bottom:8pt}.l{text-align:right;color:#0e4194;font-size:9pt}.n{font-size:16pt}ul{padding-left:4mm}.t{color:#0e4194;font-size:11pt}",
    block(
      "PERSONAL INFORMATION",
      `<p class=n>${basics.name}</p><p>${basics.location}</p><p>${basics.phone}</p><p>${basics.email}</p>`,
    ) +
      block("WORK EXPERIENCE", "") +
      workExperience
        .map((role) =>
          block(
            dash(role.dateRange),
            `<p class=t>${role.title}</p><p>${role.company}, ${role.location}</p>${list(role.bullets)}`,
          ),
        )
        .join("") +
      block("EDUCATION AND TRAINING", "") +
      education
        .map((study) =>
          block(
            dash(study.dates),
            `<p class=t>${study.degree}</p><p>${study.institution}, ${study.location}</p>`,
          ),
        )
        .join("") +
      block("PERSONAL SKILLS", "") +
      block("Language skills", languages.map((one) => `<p>${one}</p>`).join("")) +
      block("Job-related skills", list(abilities.map((text) => ({ text })))),
  );
};

/** Headings in letters set apart, a summary without a heading, pointing signs. */
const spacedHeads: Layout = (content) => {
  const { basics, workExperience, education, awards, links, summary } = content;
  return page(
    "body{font:10.5pt/1.45 'DejaVu Serif'}h1{font-size:22pt;text-align:center;font-weight:400}h2{font-size:10pt;text-align:center;margin:12pt 0 4pt;font-weight:400}.c{text-align:center}.b{padding-left:7mm;text-indent:-5mm}.m{display:inline-block;width:5mm;text-indent:0}.e{display:flex;justify-content:space-between}",
    `<h1>Y U K I &nbsp; T A N A K A</h1><p class=c>${basics.headline}</p><p class=c>${basics.location} &nbsp;✦&nbsp; ${basics.phone} &nbsp;✦&nbsp; ${basics.email} &nbsp;✦&nbsp; ${links[0]}</p><br><p>${summary}</p><h2>E X P E R I E N C E</h2>` +
      workExperience
        .map(
          (role) =>
            `<p class=e><span><b>${role.title}</b>, ${role.company}, ${role.location}</span></p><p><i>${role.dateRange}</i></p>${list(role.bullets, "➤")}`,
        )
        .join("") +
      `<h2>E D U C A T I O N</h2>${education.map((study) => `<p><b>${study.degree}</b>, ${study.institution}, ${study.location}</p><p><i>${dash(study.dates)}</i></p>`).join("")}` +
      `<h2>S K I L L S</h2><p>${skillsOf(content).join(" / ")}</p><h2>H O N O R S</h2>${list(
        awards.map((award) => ({ text: `${award.name}, ${award.issuer} (${award.year})` })),
        "➤",
      )}`,
  );
};

/** Many roles over three pages, each page with its owner's name above and a number below. */
const manyPages: Layout = (content) => {
  const { basics, workExperience, education, awards, summary } = content;
  return page(
    "@page{@top-left{content:'Fiona McAllister';font:8pt 'DejaVu Sans'}@top-right{content:'Curriculum Vitae';font:8pt 'DejaVu Sans'}@bottom-center{content:'Page ' counter(page) ' of ' counter(pages);font:8pt 'DejaVu Sans'}}body{font:12pt/1.6 'DejaVu Sans'}h1{font-size:22pt}h2{font-size:14pt;margin:16pt 0 6pt}h3{font-size:12pt;margin-top:10pt}ul{padding-left:7mm}",
    `<h1>${basics.name}</h1><p>${basics.headline}</p><p>Tel: ${basics.phone} | Email: ${basics.email} | ${basics.location}</p><h2>Personal Statement</h2><p>${summary}</p><h2>Key Skills</h2><p>${skillsOf(content).map(escaped).join(" • ")}</p><h2>Career History</h2>` +
      workExperience
        .map(
          (role) =>
            `<h3>${role.company}, ${role.location}</h3><p><b>${role.title}</b> (${dash(role.dateRange)})</p>${list(role.bullets)}`,
        )
        .join("") +
      `<h2>Education and Qualifications</h2>${education.map((study) => `<p>${study.degree}, ${study.institution}, ${study.location}, ${dash(study.dates)}</p>`).join("")}<h2>Professional Awards</h2>${list(awards.map(({ name, year }) => ({ text: `${name}, ${year}` })))}`,
    "A4;margin:25mm 25mm",
  );
};

/** One employer named once over several roles. */
const promoted: Layout = (content) => {
  const { basics, workExperience, education, summary } = content;
  const employers = [...new Set(workExperience.map(({ company }) => company))];
  return page(
    "body{font:10.5pt/1.4 'DejaVu Sans'}h1{font-size:18pt}h2{font-size:11pt;text-transform:uppercase;margin:12pt 0 4pt;border-bottom:1pt solid #888}.e{display:flex;justify-content:space-between}.k{font-size:12pt;font-weight:700;margin-top:6pt}ul{padding-left:5mm}",
    `<h1>${basics.name}</h1><p>${basics.headline} | ${basics.location} | ${basics.phone} | ${basics.email}</p><h2>About</h2><p>${summary}</p><h2>Professional Experience</h2>` +
      employers
        .map(
          (employer) =>
            `<p class=k>${employer}</p>${workExperience
              .filter(({ company }) => company === employer)
              .map(
                (role) =>
                  `<p class=e><span><i>${role.title}</i>, ${role.location}</span><span>${dash(role.dateRange)}</span></p>${list(role.bullets)}`,
              )
              .join("")}`,
        )
        .join("") +
      `<h2>Education &amp; Training</h2>${education.map((study) => `<p class=e><span>${study.institution}: ${study.degree}</span><span>${dash(study.dates)}</span></p>`).join("")}<h2>Areas of expertise</h2><p>${skillsOf(content).join("; ")}</p>`,
  );
};

/** By `PERSON-LAYOUT`. */
export const pages: Readonly<Record<string, Layout>> = {
  "hoffmann-lebenslauf": lebenslauf,
  "lefebvre-droite": colonneDroite,
  "garcia-documento": documento,
  "novak-european": european,
  "tanaka-spaced": spacedHeads,
  "mcallister-pages": manyPages,
  "price-promoted": promoted,
};
