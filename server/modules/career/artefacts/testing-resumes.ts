// Résumés for tests and the evaluation: of ordinary words, and of everything that typesetters and readers stumble over.
import { resumeContentSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { withBulletIds } from "../resume/bullets.ts";

const verbs = [
  "Led",
  "Built",
  "Cut",
  "Wrote",
  "Ran",
  "Designed",
  "Taught",
  "Migrated",
  "Audited",
  "Re-engineered",
];
const nouns =
  "the office workflow, affluent offices, a fluffy waffle, an efficient flow, difficult first filings, nightly builds, end-to-end tests, a 30-bed ward, invoices of 12 customers, cost-effective tooling, a cross-functional team of 7, the on-call rota, real-time dashboards, patient hand-overs".split(
    ", ",
  );
const outcomes =
  "by 22%, from 40 s to 1.5 s, for €1.2 million a year, within 6 weeks, in 3 countries, without an outage, to 99.95 %, at $0.004 each".split(
    ", ",
  );
/** Each of them has broken some typesetter, escape or reader. */
const hard = [
  "C:\\temp\\new_file{1}",
  "50% of $10 & more #1 ~approx ^up",
  "R&D / Q&A",
  "a_b__c",
  "<script>alert('x')</script>",
  "if a<b && b>c || d",
  "--verbose and ---long---",
  "\"quoted\" and 'single' and `back`",
  "\u201ccurly\u201d \u2018single\u2019 \u201elow\u201c \u00abguillemets\u00bb",
  "[bracketed] first",
  "\\input{/etc/passwd}",
  "\\write18{ls}",
  "{{NAME}} and #{x} and #let x = 1",
  "$x^2$ and *bold* _it_ = heading",
  '#read("/etc/passwd") @ref <label>',
  "?` and !` and ,, and << >>",
  "//comment and /* block */",
  "na\u00efve caf\u00e9 \u00fcber Stra\u00dfe",
  "cafe\u0301 in two pieces",
  "\u0141\u00f3d\u017a, \u010cesk\u00e9 Bud\u011bjovice, \u0130stanbul, Timi\u0219oara",
  "\ufb01rst \ufb02oor o\ufb03ce",
  "soft\u00adhyphen and zero\u200bwidth",
  "2019\u20132021 and 3\u20134 people",
  "non\u2011breaking and \u2212 5",
  "dash \u2014 em",
  "caf\u00e9\u00a0noir and thin\u2009space",
  "\u2265 99 % \u2192 done \u2248 all",
  "100 \u00b5s at 21 \u00b0C, \u00bd of it, 4\u00d74",
  "\ud835\udc01\ud835\udc28\ud835\udc25\ud835\udc1d letters",
  "ends with a backslash \\",
  "% begins with a percent sign",
  "node.js/C++/C#/.NET",
  "tab\tand\nnewline",
  "e-mail me: a.b+c@example.org",
  "https://example.org/a_b~c?d=1&e=%20#frag",
  "`` two graves `first`, \u00a8 and ''",
  "pre- and post-op care - 3 - 4 times -",
  `a rule ${"-".repeat(45)} and ${"end-to-end-".repeat(6)}tests`,
  "averyveryverylongwordwithoutanyspacethatdoesnotfitonalineofthepageandmustbebrokensomewhere12345",
];
/** What the fonts have beyond LaTeX's own. */
const wide = [
  "\u0420\u0443\u043a\u043e\u0432\u043e\u0434\u0438\u043b \u043e\u0442\u0434\u0435\u043b\u043e\u043c",
  "\u0394\u03b9\u03b1\u03c7\u03b5\u03af\u03c1\u03b9\u03c3\u03b7 \u03ad\u03c1\u03b3\u03c9\u03bd",
  "Nguy\u1ec5n Th\u1ecb \u00c1nh",
];

export interface TestingResumeOptions {
  seed: number;
  /** With none of them, LaTeX's own fonts print it. */
  withWideScripts?: boolean;
  /** None: text as most people write it. */
  withHardText?: boolean;
}

/** Every bullet differs from every other one. The same seed has the same résumé. */
export function testingResume(options: TestingResumeOptions): ResumeContent {
  const random = randomNumbers(options.seed);
  const below = (bound: number) => Math.floor(random() * bound);
  const one = (list: readonly string[]) => list[below(list.length)] ?? "";
  const some = <Item>(least: number, most: number, make: (at: number) => Item) =>
    Array.from({ length: least + below(most - least + 1) }, (_, at) => make(at));
  let number = options.seed % 7;
  const extra = () => {
    if (options.withHardText === false) return "";
    if (options.withWideScripts === true && random() < 0.15) return ` ${one(wide)}`;
    return random() < 0.5 ? ` ${one(hard)}` : "";
  };
  const bullet = () => ({
    text: `${one(verbs)} ${one(nouns)} ${one(outcomes)} (case ${(number += 1 + below(3))})${extra()}${random() < 0.3 ? `, and ${one(verbs).toLowerCase()} ${one(nouns)}` : ""}`,
  });
  const month = () =>
    one(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]);
  const dates = (at: number) => {
    const end = 2025 - 2 * at;
    const dash = options.withHardText === false ? "-" : one(["-", "\u2013", "\u2014", "\u2212"]);
    return at === 0
      ? `${month()} ${end - 2} ${dash} Present`
      : `${month()} ${end - 2} ${dash} ${month()} ${end - 1}`;
  };
  const place = () => one(["Leeds", "Berlin", "Z\u00fcrich", "Austin, TX", "S\u00e3o Paulo", "Remote"]);
  return withBulletIds(
    resumeContentSchema.parse({
      basics: {
        name: one([
          "Amara Okafor",
          "J\u00fcrgen M\u00fc\u00dfig-Gro\u00df",
          "Mary O'Neill",
          "\u0141ukasz \u0179r\u00f3bek",
          "Ana Luc\u00eda P\u00e9rez",
        ]),
        headline: `Senior ${one(["Engineer", "Nurse", "Data Scientist", "Accountant"])}${extra()}`,
        email: "name.surname+cv@example.org",
        phone: "+44 20 7946 0958",
        location: place(),
      },
      summary: `${some(1, 3, () => `${one(verbs)} ${one(nouns)} ${one(outcomes)}.`).join(" ")}${extra()}`,
      skills: {
        programming_languages: ["Go", "R", "C", "C++", "C#", "TypeScript"].slice(0, 1 + below(6)),
        tools_cloud_technologies: ["AWS", "Kubernetes", "CI/CD", "Terraform"].slice(0, below(5)),
        other_skills: some(0, 4, (at) => `${one(nouns)} ${at}`),
      },
      workExperience: some(1, 4, (at) => ({
        company: `${one(["Acme", "Smith & Sons", "St Mary's Hospital", "Foo_Bar #1", "50% Off Ltd.", "N\u00e9o-Tech"])} ${at + 1}`,
        title: `${one(["Staff Nurse", "VP, Engineering", "Data Scientist II", "R&D Lead"])}`,
        dateRange: dates(at),
        ...(random() < 0.7 ? { location: place() } : {}),
        bullets: some(0, 5, bullet),
      })),
      projects: some(0, 2, (at) => ({
        name: `${one(["Handover checklist", "open-source CLI", "Thesis: {sets} & maps"])} ${at + 1}`,
        ...(random() < 0.6 ? { date: `${2015 + at}` } : {}),
        ...(random() < 0.4 ? { url: `https://example.org/p_${at}?x=1&y=%7E${at}` } : {}),
        bullets: some(1, 3, bullet),
      })),
      education: some(1, 2, (at) => ({
        institution: `University of ${one(["Leeds", "Z\u00fcrich", "S\u00e3o Paulo"])} ${at + 1}`,
        degree: one(["BSc Nursing", "M.Sc. (Hons) Physics & Maths", "PhD"]),
        dates: `${2008 + at} \u2013 ${2011 + at}`,
        ...(random() < 0.4 ? { gpa: "3.9/4.0" } : {}),
      })),
      awards: some(0, 2, (at) => ({
        name: `Nurse of the Year ${at + 1}`,
        issuer: "St Mary's",
        year: `${2020 + at}`,
      })),
      mentorship: some(0, 1, () => `Mentored three student nurses${extra()}`),
      links: some(
        0,
        2,
        (at) =>
          one([
            "https://example.org/amara_okafor",
            "linkedin.com/in/amara-okafor",
            "https://github.com/a~b",
          ]) + `/${at}`,
      ),
    }),
  );
}
