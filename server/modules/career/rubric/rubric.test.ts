// Rubrics of postings from several occupations, with and without headings, and what is relevant to what they ask for.
import fc from "fast-check";
import { expect, test } from "vitest";
import { rubricSchema } from "../../../../shared/schemas/career/rubric.ts";
import { relevanceOf, similarPairs } from "./relevance.ts";
import { rubricOf } from "./rubric.ts";

const engineer = `Backend Engineer

About us
We have 20 years of experience in logistics and go above and beyond. Our R&D team is in Bern.

What you'll do
- Build services that move parcels

Requirements
- At least 5 years of experience with Go or C++
- Strong knowledge of PostgreSQL and Kubernetes
- A degree in computer science or equivalent
- Right to work in Switzerland

Nice to have
• Experience with SAFe
• Statistics in R is a plus

Benefits
- Salesforce tickets and free coffee required by nobody`;

const nurse = `Ward Sister
You must be registered with the NMC. Experience of triage is essential. Knowledge of Epic would be great.
Experience with wound care is desirable. We are a friendly ward. Keep calm and safe, and excel at your work.`;

const rubric = (text: string) => rubricSchema.parse(rubricOf({ title: "Job", rawDescription: text }));

test("[CAREER-50] every quote is in the posting, at its offset", () => {
  const check = (text: string) => {
    const { requirements, keywords } = rubric(text);
    for (const { jdEvidence, jdOffsets } of [...requirements, ...keywords])
      expect(jdOffsets.map(({ start, end }) => text.slice(start, end))).toEqual(jdEvidence);
  };
  check(engineer);
  check(nurse);
  check(engineer.replaceAll("\n", "\r\n"));
  const pieces = [
    ...engineer.split(/(?<=\s)/u),
    ...nurse.split(/(?<=\s)/u),
    "\n- ",
    "; ",
    ". ",
    "  ",
    "é́",
    "🙂",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (chosen) => check(chosen.join(""))),
    { numRuns: 100 },
  );
});

test("[CAREER-51] headings say what is required and what is welcome; benefits and the company ask for nothing", () => {
  const { requirements } = rubric(engineer);
  expect(requirements.map(({ type, requirement }) => `${type}: ${requirement}`)).toEqual([
    "must: At least 5 years of experience with Go or C++",
    "must: Strong knowledge of PostgreSQL and Kubernetes",
    "must: A degree in computer science or equivalent",
    "must: Right to work in Switzerland",
    "nice: Experience with SAFe",
    "nice: Statistics in R is a plus",
  ]);
  expect(requirements.map(({ weight }) => weight)).toEqual([5, 4, 4, 4, 2, 1]);
});

test("[CAREER-51] without headings words such as must and desirable say it", () => {
  expect(rubric(nurse).requirements.map(({ type, requirement }) => `${type}: ${requirement}`)).toEqual([
    "must: You must be registered with the NMC",
    "must: Experience of triage is essential",
    "nice: Knowledge of Epic would be great",
    "nice: Experience with wound care is desirable",
  ]);
});

const typed = (text: string) =>
  rubric(text).requirements.map(({ type, requirement }) => `${type}: ${requirement}`);
const list = (...items: string[]) => items.map((item) => `- ${item}`).join("\n");
const duties = list("Plan the rota", "Order stock", "Talking to suppliers");
const firm = ["Three years of work in a shop", "Fluent English", "Able to lift 20 kg"];
const wished = ["Dutch", "Experience with bicycles"];
const asked = [...firm.map((one) => `must: ${one}`), ...wished.map((one) => `nice: ${one}`)];

test("[CAREER-51] where no heading tells, the order and the gaps of lists do, and what the lines are about", () => {
  const offers = list("28 days of holiday", "A pension", "Free coffee");
  const apart = [
    "Shop manager",
    `What you do\n${duties}`,
    list(...firm),
    list(...wished),
    `We offer\n${offers}`,
  ];
  expect(typed(apart.join("\n\n"))).toEqual(asked);
  // Without gaps.
  expect(typed(apart.join("\n"))).toEqual(asked);
  // Where items stand apart from each other, a gap says nothing.
  expect(typed(`Essential\n\n${firm.map((one) => `- ${one}`).join("\n\n")}`)).toEqual(asked.slice(0, 3));
});

test("[CAREER-51] under a heading that says so a gap changes nothing", () => {
  expect(
    typed(`Shop\n\nRequired\n${list(...firm)}\n\n${list(...firm.map((one) => `${one} and a bicycle`))}`),
  ).toHaveLength(6);
  expect(typed(`Shop\n\nRequired\n${list(...wished)}\n\nDesirable\n${list(...firm)}`)).toEqual([
    ...wished.map((one) => `must: ${one}`),
    ...firm.map((one) => `nice: ${one}`),
  ]);
});

test("[CAREER-51] a specification by subjects, whose lists are two each and have no signs", () => {
  const subject = (name: string, ...groups: string[][]) =>
    [name, ...groups.map((group) => group.join("\n"))].join("\n\n");
  const text = [
    "Nurse",
    subject("Qualifications", ["Registered nurse", "Diploma"], ["Teaching qualification"]),
    subject("Experience", ["Two years on a ward"], ["Care of a tracheostomy"]),
    subject("Skills and abilities", ["Good written English", "Able to swim"], ["IT skills"]),
  ].join("\n\n");
  expect(typed(text)).toEqual([
    "must: Registered nurse",
    "must: Diploma",
    "nice: Teaching qualification",
    "must: Two years on a ward",
    "nice: Care of a tracheostomy",
    "must: Good written English",
    "must: Able to swim",
    "nice: IT skills",
  ]);
});

test("[CAREER-50] a posting of one endless sentence is read, and quoted nowhere", () => {
  expect(rubric("experience, would be nice, ".repeat(3_500)).requirements).toEqual([]);
});

test("[CAREER-51] lines without signs are items where they follow each other", () => {
  expect(
    typed(
      `Shop\nLeeds\n\nEssential\n${firm.join("\n")}\n\nDesirable\n${[...wished, "Welding"].join("\n")}\n\nApply by 3 May.`,
    ),
  ).toEqual([...asked, "nice: Welding"]);
});

test.each([
  ["SQL is required, Python is a plus", ["must: SQL is required", "nice: Python is a plus"]],
  ["3+ years of Java (Kotlin is a bonus)", ["must: 3+ years of Java", "nice: Kotlin is a bonus"]],
  [
    "Experience with Zendesk, Freshdesk or Intercom preferred",
    ["nice: Experience with Zendesk, Freshdesk or Intercom preferred"],
  ],
  ["Ideally, you have led a team", ["nice: Ideally, you have led a team"]],
  [
    "Two years in B2B sales, in SaaS if possible",
    ["must: Two years in B2B sales", "nice: in SaaS if possible"],
  ],
  ["Fluent English; German would be helpful", ["must: Fluent English", "nice: German would be helpful"]],
  [
    "Experience with tools such as e.g. Jira or Trello",
    ["must: Experience with tools such as e.g. Jira or Trello"],
  ],
])("[CAREER-51] a clause that is only welcome is one of its own: %s", (line, expected) => {
  expect(typed(`Job\n\nRequirements\n- ${line}`)).toEqual(expected);
});

test("[CAREER-51] duties, offers, the company and what the law has it say ask for nothing", () => {
  const none = [
    "You will be trained by the porter who retires in May.",
    "We have 12 years of experience in logistics and must move to a larger hall.",
    "Applicants are considered regardless of age, race or disability, with experience or without.",
    "Salary of 40,000 to 50,000 depending on experience, plus a yearly bonus.",
    "Send your CV to the office. Interviews will be held in May.",
  ];
  expect(typed(`Job\n\n${none.join("\n\n")}\n\n${duties}`)).toEqual([]);
});

test("[CAREER-52] keywords are skills where they are meant, under one name", () => {
  const terms = (text: string) =>
    rubric(text)
      .keywords.map(({ term }) => term)
      .sort();
  expect(terms(engineer)).toEqual(["C++", "Go", "Kubernetes", "PostgreSQL", "R", "SAFe"]);
  expect(terms(nurse)).toEqual(["Epic", "Triage", "Wound care"]);
});

const meant: readonly [string, readonly string[]][] = [
  ["Three years of experience with Go and PostgreSQL.", ["Go", "PostgreSQL"]],
  ["Statistics in R", ["R"]],
  ["You write firmware in C or C++", ["C", "C++"]],
  ["Knowledge of C# and .NET", ["C#", ".NET"]],
  ["Certified in SAFe", ["SAFe"]],
];
const notMeant = [
  "Go to market with us, and go the extra mile; good to go",
  "Our R&D department works for Toys R Us",
  "Vitamin C, hepatitis C and class C licences",
  "GCSE grade C or better",
  "Keep the site safe. SAFE WORK FIRST",
  "Reports to the C-level; USB-C chargers for all",
  "See example.net, or the net result",
  "Ask J. R. Smith or Anna C. Meier",
  "Plan B or C, section C, blood type R",
  "We react to feedback and excel at service",
];

test("[CAREER-52] Go, R, C, C++, C#, .NET and SAFe are found where they are meant and nowhere else, whatever stands around", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...meant.map(([line]) => line), ...notMeant]),
      fc.constantFrom("\n", "\n- ", "\n\n"),
      (lines, between) => {
        const expected = meant.flatMap(([line, skills]) => (lines.includes(line) ? skills : []));
        const { keywords } = rubric(lines.join(between) || "Job");
        expect(keywords.map(({ term }) => term).sort()).toEqual([...new Set(expected)].sort());
      },
    ),
    { numRuns: 200 },
  );
});

test("[CAREER-53] what is welcome, and a person's age, are no constraints; the right to work is one also in prose", () => {
  const { constraints } = rubric(
    "Job\n\nRequired\n- 18 years or older\n- 2-4 years of work as a cook\n- A diploma\n\nDesirable\n- 7 years of experience\n- A master's degree\n\nWe cannot sponsor visas. The post is subject to an enhanced DBS check.",
  );
  expect(constraints).toEqual({
    yearsExperienceMin: 2,
    education: ["A diploma"],
    certifications: ["The post is subject to an enhanced DBS check."],
    workAuthorization: ["We cannot sponsor visas."],
  });
});

test("[CAREER-53] constraints and what is left open", () => {
  const { constraints, notes } = rubric(engineer);
  expect(constraints).toEqual({
    yearsExperienceMin: 5,
    education: ["A degree in computer science or equivalent"],
    workAuthorization: ["Right to work in Switzerland"],
  });
  expect(notes.ambiguities).toEqual([
    'What else would count is left open: "A degree in computer science or equivalent"',
  ]);
  expect(rubric(nurse).constraints.certifications).toHaveLength(1);
});

test("[CAREER-53] what is said not to be required leaves nothing open", () => {
  expect(rubric("Job\n\nRequirements\n- Polish is not required but helpful").notes.ambiguities ?? []).toEqual(
    [],
  );
});

test("[CAREER-54] relevant is what shares skills under any name, or words; the rest is not", () => {
  const bullets = [
    { bulletId: "k8s", text: "Moved 40 services to K8s with Postgres" },
    { bulletId: "wound", text: "Trained 30 nurses in the care of wounds" },
    { bulletId: "go", text: "Went beyond what was asked to go live early" },
  ];
  const requirements = [
    { reqId: "R1", requirement: "Strong knowledge of PostgreSQL and Kubernetes" },
    { reqId: "R2", requirement: "Experience with wound care" },
    { reqId: "R3", requirement: "5 years of Go" },
  ];
  const found = relevanceOf({ bullets, requirements });
  const rel = (bulletId: string, reqId: string) =>
    found.find((one) => one.bulletId === bulletId && one.reqId === reqId)?.rel ?? 0;
  expect(rel("k8s", "R1")).toBeGreaterThan(0.45);
  expect(rel("wound", "R2")).toBeGreaterThan(rel("k8s", "R2"));
  expect(rel("go", "R3")).toBe(0);
  const lifted = relevanceOf({
    bullets,
    requirements,
    similarity: (bulletId, reqId) => (bulletId === "go" && reqId === "R3" ? 1 : 0),
  });
  expect(lifted.find(({ bulletId }) => bulletId === "go")).toEqual({ bulletId: "go", reqId: "R3", rel: 0.5 });
  const held = lifted.find(({ bulletId, reqId }) => bulletId === "k8s" && reqId === "R1");
  expect(held?.rel).toBe(rel("k8s", "R1"));
});

test(
  "[CAREER-57] a text that repeats itself as far as a posting may go is gone through once",
  { timeout: 6_000 },
  () => {
    for (const piece of ["1", "must ", "- SQL\n", "Go\n"])
      expect(rubric(`Requirements\n${piece.repeat(99_000 / piece.length)}`).version).not.toBe("");
  },
);

test("[CAREER-54] of skills that are alternatives one is enough, of skills that are all asked for each counts", () => {
  const bullets = [{ bulletId: "b", text: "Open-source forecast of river levels in Go" }];
  const rel = (requirement: string) =>
    relevanceOf({ bullets, requirements: [{ reqId: "R1", requirement }] })[0]?.rel ?? 0;
  for (const any of ["Services in Go or Java", "Services in Go/Java", "A language such as Java, Go"]) {
    expect(rel(any)).toBeGreaterThanOrEqual(0.6);
  }
  expect(rel("Services in Go and Java")).toBeLessThan(0.5);
});

test("[CAREER-55] bullets that say the same are alike, others are not", () => {
  const bullets = [
    { bulletId: "a", text: "Cut medication errors by 22% with a protocol" },
    { bulletId: "b", text: "With a protocol cut medication errors by 22%" },
    { bulletId: "c", text: "Taught algebra to pupils" },
  ];
  expect(similarPairs(bullets, 0.85)).toEqual([{ a: "a", b: "b", sim: 1 }]);
});
