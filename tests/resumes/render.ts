// Renders the people of this directory in several layouts, as PDF (by Chromium) and as Word documents.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  resumeContentSchema,
  skillCategories,
  type ResumeContent,
} from "../../shared/schemas/career/resume.ts";
import { docxOf } from "./render-docx.ts";

type Layout = (content: ResumeContent) => string;

const dash = (range: string) => range.replace(" - ", " – ");
const skillTitles = {
  programming_languages: "Programming languages",
  frameworks_libraries: "Frameworks",
  tools_cloud_technologies: "Tools",
  data_science_analytics: "Analytics",
  machine_learning_ai: "Machine learning",
  other_skills: "Other",
} as const;

function skillLines({ skills }: ResumeContent): string[] {
  const used = skillCategories.filter((category) => skills[category].length > 0);
  const [only] = used;
  if (used.length === 1 && only === "other_skills") return [skills.other_skills.join(", ")];
  return used.map((category) => `<b>${skillTitles[category]}:</b> ${skills[category].join(", ")}`);
}

const items = (bullets: readonly { text: string }[]) =>
  bullets.length === 0 ? "" : `<ul>${bullets.map(({ text }) => `<li>${text}</li>`).join("")}</ul>`;
const section = (title: string, body: string) => (body === "" ? "" : `<h2>${title}</h2>${body}`);
const page = (css: string, body: string) =>
  `<!doctype html><meta charset="utf-8"><style>@page{size:A4;margin:16mm}body{font:10.5px/1.4 sans-serif;margin:0}h1{font-size:24px;margin:0}h2{font-size:13px;margin:12px 0 4px}p{margin:2px 0}ul{margin:2px 0 6px;padding-left:16px}${css}</style>${body}`;

/** Title and dates in one line, employer and place in the next. */
const classic: Layout = (c) =>
  page(
    ".r{display:flex;justify-content:space-between}.i{font-style:italic}h2{border-bottom:1px solid}body{font-family:serif}",
    `<h1>${c.basics.name}</h1><p>${c.basics.headline}</p><p>${[c.basics.email, c.basics.phone, c.basics.location, ...c.links].join(" | ")}</p>` +
      section("Summary", c.summary === undefined ? "" : `<p>${c.summary}</p>`) +
      section(
        "Experience",
        c.workExperience
          .map(
            (r) =>
              `<div class=r><b>${r.title}</b><span>${dash(r.dateRange)}</span></div><div class="r i"><span>${r.company}</span><span>${r.location ?? ""}</span></div>${items(r.bullets)}`,
          )
          .join(""),
      ) +
      section(
        "Projects",
        c.projects
          .map((p) => `<div class=r><b>${p.name}</b><span>${p.date ?? ""}</span></div>${items(p.bullets)}`)
          .join(""),
      ) +
      section(
        "Education",
        c.education
          .map(
            (e) =>
              `<div class=r><b>${e.institution}</b><span>${dash(e.dates)}</span></div><div class=r><span>${e.degree}${e.gpa === undefined ? "" : `, GPA: ${e.gpa}`}</span><span>${e.location ?? ""}</span></div>`,
          )
          .join(""),
      ) +
      section(
        "Skills",
        skillLines(c)
          .map((line) => `<p>${line}</p>`)
          .join(""),
      ) +
      section(
        "Awards",
        `<ul>${c.awards.map((a) => `<li>${[a.name, a.issuer, a.year].filter((part) => part !== "").join(", ")}</li>`).join("")}</ul>`,
      ),
  );

/** A narrow column with contact and skills, a wide one with the rest. */
const sidebar: Layout = (c) =>
  page(
    "aside{position:absolute;left:0;top:0;width:52mm;background:#eee}main{margin-left:60mm}h2{text-transform:uppercase;letter-spacing:2px;font-size:11px}h3{margin:6px 0 0;font-size:11px}",
    `<aside><h2>Contact</h2>${[c.basics.email, c.basics.phone, c.basics.location, ...c.links].map((p) => `<p>${p}</p>`).join("")}<h2>Skills</h2><ul>${skillCategories
      .flatMap((k) => c.skills[k])
      .map((s) => `<li>${s}</li>`)
      .join(
        "",
      )}</ul><h2>Certifications</h2>${c.awards.map((a) => `<p>${[a.name, a.year].join(", ")}</p>`).join("")}</aside>` +
      `<main><h1>${c.basics.name}</h1><p>${c.basics.headline}</p>` +
      section("Profile", c.summary === undefined ? "" : `<p>${c.summary}</p>`) +
      section(
        "Work experience",
        c.workExperience
          .map(
            (r) =>
              `<h3>${r.title} at ${r.company}</h3><p>${dash(r.dateRange)} | ${r.location}</p>${items(r.bullets)}`,
          )
          .join(""),
      ) +
      section(
        "Projects",
        c.projects.map((p) => `<h3>${p.name} (${p.date})</h3>${items(p.bullets)}`).join(""),
      ) +
      section(
        "Education",
        c.education
          .map(
            (e) =>
              `<h3>${e.degree}</h3><p>${e.institution}${e.location === undefined ? "" : `, ${e.location}`}</p><p>${dash(e.dates)}</p>`,
          )
          .join(""),
      ) +
      "</main>",
  );

/** Dates in a column of their own at the left, as in many European résumés. */
const datesLeft: Layout = (c) => {
  const row = (left: string, right: string) => `<tr><td class=d>${left}</td><td>${right}</td></tr>`;
  return page(
    "td{vertical-align:top;padding:2px 0}.d{width:42mm;color:#555}table{border-collapse:collapse;width:100%}ul{list-style:'– '}",
    `<h1>${c.basics.name}</h1><p>${c.basics.headline}</p><p>${c.basics.location} · ${c.basics.phone} · ${c.basics.email}${c.links.map((l) => ` · ${l}`).join("")}</p>` +
      section("PROFILE", c.summary === undefined ? "" : `<p>${c.summary}</p>`) +
      section(
        "EMPLOYMENT HISTORY",
        `<table>${c.workExperience.map((r) => row(dash(r.dateRange), `<b>${r.title}</b>, ${r.company}, ${r.location}${items(r.bullets)}`)).join("")}</table>`,
      ) +
      section(
        "PROJECTS",
        c.projects.length === 0
          ? ""
          : `<table>${c.projects.map((p) => row(p.date ?? "", `<b>${p.name}</b>${items(p.bullets)}`)).join("")}</table>`,
      ) +
      section(
        "EDUCATION",
        `<table>${c.education.map((e) => row(dash(e.dates), `<b>${e.degree}</b>, ${e.institution}${e.location === undefined ? "" : `, ${e.location}`}`)).join("")}</table>`,
      ) +
      section(
        "SKILLS",
        skillLines(c)
          .map((line) => `<p>${line}</p>`)
          .join(""),
      ) +
      section(
        "HONOURS AND AWARDS",
        `<table>${c.awards.map((a) => row(a.year, [a.name, a.issuer].filter((part) => part !== "").join(", "))).join("")}</table>`,
      ),
  );
};

/** Employers first, everything in one line, capitals for headings; longer lines over two pages. */
const compact: Layout = (c) =>
  page(
    "body{font:12.5px/1.6 Arial}h2{font-size:12px}h1{text-align:center}.c{text-align:center}",
    `<h1>${c.basics.name.toUpperCase()}</h1><p class=c>${[c.basics.location, c.basics.email, c.basics.phone, ...c.links].join(" • ")}</p><p class=c>${c.basics.headline}</p>` +
      section("PROFESSIONAL SUMMARY", c.summary === undefined ? "" : `<p>${c.summary}</p>`) +
      section(
        "TECHNICAL SKILLS",
        skillLines(c)
          .map((line) => `<p>${line}</p>`)
          .join(""),
      ) +
      section(
        "PROFESSIONAL EXPERIENCE",
        c.workExperience
          .map(
            (r) =>
              `<p><b>${r.company}</b> — ${r.location}</p><p><i>${r.title}</i>, ${dash(r.dateRange)}</p>${r.bullets.map(({ text }) => `<p style="padding-left:14px;text-indent:-10px">• ${text}</p>`).join("")}`,
          )
          .join(""),
      ) +
      section(
        "PROJECTS",
        c.projects
          .map(
            (p) =>
              `<p><b>${p.name}</b> (${p.date})</p>${p.bullets.map(({ text }) => `<p style="padding-left:14px;text-indent:-10px">• ${text}</p>`).join("")}`,
          )
          .join(""),
      ) +
      section(
        "EDUCATION",
        c.education
          .map(
            (e) =>
              `<p><b>${e.institution}</b>${e.location === undefined ? "" : ` — ${e.location}`}</p><p>${e.degree}, ${dash(e.dates)}${e.gpa === undefined ? "" : ` (GPA ${e.gpa})`}</p>`,
          )
          .join(""),
      ) +
      section(
        "CERTIFICATIONS & AWARDS".replace("CERTIFICATIONS & ", "HONORS & "),
        c.awards
          .map((a) => `<p>• ${[a.name, a.issuer].filter((part) => part !== "").join(" – ")} (${a.year})</p>`)
          .join(""),
      ),
  );

const layouts: Readonly<Record<string, Layout>> = { classic, sidebar, "dates-left": datesLeft, compact };

const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), "resumes-"));
for (const file of readdirSync(join(here, "people"))) {
  const person = file.replace(".json", "");
  const content = resumeContentSchema.parse(JSON.parse(readFileSync(join(here, "people", file), "utf8")));
  for (const [name, layout] of Object.entries(layouts)) {
    const html = join(work, `${person}-${name}.html`);
    writeFileSync(html, layout(content));
    const pdf = join(here, `${person}-${name}.pdf`);
    execFileSync(
      process.env["CONNVO_CHROMIUM"] ?? "chromium",
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        `--print-to-pdf=${pdf}`,
        html,
      ],
      { stdio: "ignore" },
    );
  }
  writeFileSync(join(here, `${person}-word.docx`), docxOf(content));
}
