// More pages for Chromium to print, as well-known services and editors lay them out: profiles, portals, timelines, grids, tables.
import type { Layout } from "./layouts-html.ts";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const dash = (range: string) => range.replace(" - ", " – ");
const page = (css: string, body: string, size = "A4;margin:16mm") =>
  `<!doctype html><meta charset="utf-8"><style>@page{size:${size}}body{margin:0}p,h1,h2,h3,ul{margin:0}${css}</style>${body}`;
const list = (bullets: readonly { text: string }[]) =>
  bullets.length === 0 ? "" : `<ul>${bullets.map(({ text }) => `<li>${escaped(text)}</li>`).join("")}</ul>`;
const marked = (bullets: readonly { text: string }[], mark: string) =>
  bullets.map(({ text }) => `<p class=b><span class=m>${mark}</span>${escaped(text)}</p>`).join("");
const lines = (texts: readonly string[]) => texts.map((text) => `<p>${escaped(text)}</p>`).join("");
const all = ({ skills }: Parameters<Layout>[0]) => Object.values(skills).flat();

/** A dark column at the left with bars for skills; a line with dots along the roles, their dates above them. */
const timeline: Layout = (content) => {
  const { basics, workExperience, education, projects, links, summary } = content;
  const icon = '<svg width=10 height=10><circle cx=5 cy=5 r=4 fill="#fff"/></svg> ';
  const bar = (text: string, index: number) =>
    `<p>${text}</p><div class=t><div style="width:${90 - index * 8}%"></div></div>`;
  return page(
    "body{font:9.5pt/1.45 'DejaVu Sans';display:grid;grid-template-columns:62mm 1fr;-webkit-print-color-adjust:exact}aside{background:#243447;color:#fff;padding:10mm 7mm;min-height:277mm}main{padding:10mm 8mm}h1{font-size:22pt}h2{font-size:11pt;margin:12pt 0 5pt;letter-spacing:2px}.t{background:#456;height:4px;margin:2px 0 6px}.t div{background:#fff;height:4px}.e{border-left:2px solid #9ab;padding:0 0 8pt 12pt;position:relative}.e:before{content:'';position:absolute;left:-6px;top:3px;width:10px;height:10px;border-radius:5px;background:#243447}.d{color:#678;font-size:8.5pt}h3{font-size:10pt}",
    `<aside><h1>${basics.name}</h1><p>${basics.headline}</p><h2>CONTACT</h2>${[basics.phone, basics.email, basics.location, ...links].map((text) => `<p>${icon}${text}</p>`).join("")}<h2>SKILLS</h2>${all(content).slice(0, 5).map(bar).join("")}<h2>LANGUAGES</h2>${all(content).slice(5).map(bar).join("")}</aside>` +
      `<main><h2>ABOUT ME</h2><p>${summary}</p><h2>WHERE I HAVE WORKED</h2>${workExperience.map((role) => `<div class=e><p class=d>${dash(role.dateRange)}</p><h3>${role.title}</h3><p>${role.company}, ${role.location}</p>${list(role.bullets)}</div>`).join("")}` +
      `<h2>THINGS I HAVE MADE</h2>${projects.map((one) => `<div class=e><p class=d>${one.date}</p><h3>${one.name}</h3>${lines(one.bullets.map(({ text }) => text))}</div>`).join("")}` +
      `<h2>EDUCATION</h2>${education.map((one) => `<div class=e><p class=d>${dash(one.dates)}</p><h3>${one.degree}</h3><p>${one.institution}</p></div>`).join("")}</main>`,
    "A4;margin:0",
  );
};

/** Three pages with their owner above, how to reach her and the page's number below; square signs; lists over pages. */
const footed: Layout = (content) => {
  const { basics, workExperience, education, awards } = content;
  const area = (title: string, body: string) => `<h2>${title}</h2>${body}`;
  return page(
    `@page{@top-right{content:'${basics.name} · Curriculum Vitae';font:8pt 'DejaVu Serif'}@bottom-left{content:'${basics.email} · ${basics.phone}';font:8pt 'DejaVu Serif'}@bottom-right{content:counter(page) ' / ' counter(pages);font:8pt 'DejaVu Serif'}}body{font:12pt/1.6 'DejaVu Serif';text-align:justify;hyphens:auto}h1{font-size:22pt}h2{font-size:12pt;font-variant:small-caps;margin:18pt 0 6pt}h3{font-size:12pt;font-weight:400;margin-top:8pt}.b{margin:0 0 4pt 8mm;text-indent:-6mm}.m{display:inline-block;width:6mm;text-indent:0}`,
    `<h1>${basics.name}</h1><p>${basics.headline}</p>` +
      area(
        "Academic Employment",
        workExperience
          .map(
            (role) =>
              `<h3><b>${role.company}</b>, ${role.location}</h3><p><i>${role.title}</i>, ${dash(role.dateRange)}</p>${marked(role.bullets, "▪")}`,
          )
          .join(""),
      ) +
      area(
        "Education",
        education.map((one) => `<p>${dash(one.dates)}: ${one.degree}, ${one.institution}</p>`).join(""),
      ) +
      area(
        "Publications",
        awards
          .slice(0, 3)
          .map(({ name, year }) => `<p class=b>${name}, ${year}.</p>`)
          .join(""),
      ) +
      area(
        "Grants and Fellowships",
        awards
          .slice(3)
          .map(({ name, year }) => `<p>${name}, ${year}</p>`)
          .join(""),
      ) +
      area("Languages", `<p>${all(content).join(", ")}</p>`),
    "A4;margin:25mm 28mm",
  ).replace("<meta", '<html lang="en-GB"><meta');
};

/** As a network for professionals exports a profile: a column of details at the left, durations after the dates. */
const profile: Layout = (content) => {
  const { basics, workExperience, education, awards, links, summary } = content;
  const employers = [...new Set(workExperience.map(({ company }) => company))];
  const length = ["4 years 8 months", "2 years 11 months", "3 years 11 months"];
  let at = 0;
  return page(
    "@page{@bottom-center{content:'Page ' counter(page) ' of ' counter(pages);font:7.5pt 'DejaVu Sans'}}body{font:9pt/1.5 'DejaVu Sans';display:grid;grid-template-columns:62mm 1fr;-webkit-print-color-adjust:exact}aside{background:#293e49;color:#fff;padding:10mm 7mm}main{padding:10mm 9mm}h1{font-size:19pt;font-weight:400}aside h2{font-size:10pt;font-weight:400;margin:10pt 0 3pt}main h2{font-size:12pt;font-weight:400;margin:14pt 0 4pt}h3{font-size:9.5pt;font-weight:400;margin-top:8pt}.s{font-size:8pt;color:#777}",
    `<aside><h2>Contact</h2><p>${basics.email}</p><p>www.${links[0]}<br>(LinkedIn)</p><h2>Top Skills</h2>${lines(all(content).slice(0, 3))}<h2>Languages</h2>${lines(all(content).slice(3))}<h2>Certifications</h2>${lines(awards.map(({ name }) => name))}</aside>` +
      `<main><h1>${basics.name}</h1><p>${basics.headline}</p><p class=s>${basics.location}</p><h2>Summary</h2><p>${summary}</p><h2>Experience</h2>` +
      employers
        .map((employer) => {
          const roles = workExperience.filter(({ company }) => company === employer);
          return (
            `<h3>${employer}</h3>${roles.length > 1 ? "<p>7 years 6 months</p>" : ""}` +
            roles
              .map(
                (role) =>
                  `<p style="font-size:9.5pt">${role.title}</p><p class=s>${role.dateRange} (${length[at++]})</p><p class=s>${role.location}</p>${lines(role.bullets.map(({ text }) => text))}`,
              )
              .join("")
          );
        })
        .join("") +
      `<h2>Education</h2>${education.map((one) => `<h3>${one.institution}</h3><p class=s>${one.degree} · (${one.dates})</p>`).join("")}</main>`,
    "A4;margin:0 0 12mm",
  );
};

/** As a builder of résumés lays them out: title, employer and city in one line, dates in capitals below; a column at the right. */
const builder: Layout = (content) => {
  const { basics, workExperience, education, awards, links, summary } = content;
  const when = (dates: string) => `<p class=d>${dates.replace(" - ", " — ").toUpperCase()}</p>`;
  return page(
    "body{font:10pt/1.5 'DejaVu Serif';display:grid;grid-template-columns:1fr 50mm;gap:10mm}header{grid-column:1/3;text-align:center}h1{font-size:22pt}h2{font-size:12pt;margin:12pt 0 4pt}h3{font-size:10pt;margin-top:6pt}.d{font-size:7.5pt;letter-spacing:1px;color:#999}.k p{margin-bottom:6pt}",
    `<header><h1>${basics.name}</h1><p class=d>${basics.headline?.toUpperCase()}</p></header><main><h2>Profile</h2><p>${summary}</p><h2>Employment History</h2>${workExperience.map((role) => `<h3>${escaped(role.title)}, ${escaped(role.company)}, ${role.location}</h3>${when(role.dateRange)}${list(role.bullets)}`).join("")}` +
      `<h2>Education</h2>${education.map((one) => `<h3>${one.degree}, ${one.institution}, ${one.location}</h3>${when(one.dates)}<p>GPA ${one.gpa}</p>`).join("")}<h2>Courses &amp; Certificates</h2>${awards.map((one) => `<h3>${one.name}, ${one.issuer}</h3>${when(one.year)}`).join("")}</main>` +
      `<aside><h2>Details</h2><p>${basics.location}</p><p>${basics.phone}</p><p>${basics.email}</p><h2>Links</h2><p><a href="https://www.${links[0]}">LinkedIn</a></p><h2>Skills</h2><div class=k>${lines(all(content).slice(0, 5))}</div><h2>Languages</h2><div class=k>${lines(all(content).slice(5))}</div></aside>`,
  );
};

/** Words of one's own for headings; who, what and where in one line with dots; skills in three columns. */
const grid: Layout = (content) => {
  const { basics, workExperience, education, projects, awards, summary } = content;
  const row = (left: string, right: string) =>
    `<div class=r><div class=l>${left}</div><div>${right}</div></div>`;
  return page(
    "body{font:10pt/1.5 'DejaVu Sans Condensed'}h1{font-size:24pt;font-weight:400}h2{font-size:12pt;color:#2a6f4e;margin:14pt 0 4pt}.r{display:grid;grid-template-columns:34mm 1fr;gap:5mm;margin-bottom:6pt}.l{color:#777}.k{columns:3}.c{display:flex;gap:8mm}",
    `<h1>${basics.name}</h1><p>${basics.headline}</p><p class=c><span>${basics.location}</span><span>${basics.phone}</span><span>${basics.email}</span></p><h2>Who I am</h2><p>${summary}</p><h2>What I have done</h2>${workExperience.map((role) => row(dash(role.dateRange), `<p><b>${role.company}</b> · ${role.title} · ${role.location}</p>${list(role.bullets)}`)).join("")}` +
      `<h2>Selected projects</h2>${projects.map((one) => row(one.date ?? "", `<p><b>${one.name}</b></p>${lines(one.bullets.map(({ text }) => text))}`)).join("")}` +
      `<h2>Where I studied</h2>${education.map((one) => row(dash(one.dates), `<p><b>${one.institution}</b> · ${one.degree}</p>`)).join("")}<h2>Prizes</h2>${awards.map((one) => row(one.year, one.name)).join("")}<h2>What I work with</h2><div class=k>${lines(all(content))}</div>`,
  );
};

/** A table with lines and a head for posts and one for schools, details in a table with labels. */
const ruled: Layout = (content) => {
  const { basics, workExperience, education, awards, summary } = content;
  const cells = (...texts: string[]) => `<tr>${texts.map((text) => `<td>${text}</td>`).join("")}</tr>`;
  const head = (...texts: string[]) => `<tr>${texts.map((text) => `<th>${text}</th>`).join("")}</tr>`;
  return page(
    "body{font:10.5pt/1.4 'DejaVu Sans'}h1{font-size:18pt;text-align:center}h2{font-size:12pt;margin:12pt 0 4pt;text-decoration:underline}table{border-collapse:collapse;width:100%}.x td,.x th{border:.5pt solid;padding:3pt;vertical-align:top;text-align:left}h3{font-size:10.5pt;margin-top:6pt}ul{padding-left:6mm}",
    `<h1>CURRICULUM VITAE</h1><table>${cells("Full name:", basics.name)}${cells("Position:", basics.headline ?? "")}${cells("Address:", basics.location ?? "")}${cells("Phone:", basics.phone ?? "")}${cells("E-mail:", basics.email ?? "")}</table><h2>Career objective</h2><p>${summary}</p>` +
      `<h2>Work experience</h2><table class=x>${head("Period", "Company", "Position and duties")}${workExperience.map((role) => cells(dash(role.dateRange), `${role.company}<br>${role.location}`, `<b>${role.title}</b>${list(role.bullets)}`)).join("")}</table>` +
      `<h2>Education</h2><table class=x>${head("Period", "Institution", "Degree")}${education.map((one) => cells(dash(one.dates), one.institution, one.degree)).join("")}</table>` +
      `<h2>Certificates</h2>${list(awards.map(({ name, year }) => ({ text: `${name} (${year})` })))}<h2>Skills</h2>${list(
        all(content)
          .slice(0, 4)
          .map((text) => ({ text })),
      )}<h2>Languages</h2><p>${all(content).slice(4).join("; ")}</p>`,
  );
};

/** As a portal for jobs exports them: title, employer with place, dates with "to", all in one column. */
const portal: Layout = (content) => {
  const { basics, workExperience, education, awards } = content;
  return page(
    "body{font:11pt/1.5 'DejaVu Sans'}h1{font-size:20pt}h2{font-size:15pt;margin:14pt 0 4pt;border-bottom:.5pt solid #ccc}h3{font-size:11pt;margin-top:8pt}.s{color:#666}",
    `<h1>${basics.name}</h1><p><b>${basics.headline}</b></p><p>${basics.location}</p><p>${basics.email}</p><p>${basics.phone}</p><p class=s>Authorized to work in Canada for any employer</p><h2>Work Experience</h2>${workExperience.map((role) => `<h3>${role.title}</h3><p class=s>${role.company} - ${role.location}</p><p class=s>${role.dateRange}</p>${marked(role.bullets, "•&nbsp;")}`).join("")}` +
      `<h2>Education</h2>${education.map((one) => `<h3>${one.degree}</h3><p class=s>${one.institution} - ${one.location}</p><p class=s>${one.dates}</p>`).join("")}<h2>Skills</h2>${marked(
        all(content)
          .slice(0, 4)
          .map((text) => ({ text })),
        "•&nbsp;",
      )}<h2>Languages</h2>${marked(
        all(content)
          .slice(4)
          .map((text) => ({ text })),
        "•&nbsp;",
      )}<h2>Certifications and Licenses</h2>${awards.map((one) => `<h3>${one.name}</h3><p class=s>${one.year}</p>`).join("")}`,
    "letter;margin:18mm",
  );
};

/** By `PERSON-LAYOUT`. */
export const morePages: Readonly<Record<string, Layout>> = {
  "mensah-timeline": timeline,
  "oconnor-footed": footed,
  "patel-profile": profile,
  "rivera-builder": builder,
  "larsen-grid": grid,
  "nguyen-ruled": ruled,
  "kaur-portal": portal,
};
