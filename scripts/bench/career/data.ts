// A master résumé of any number of bullets and a posting of some thirty requirements, the same each time.
import { randomNumbers } from "../../../server/platform/testing-random.ts";

const verbs =
  "Led,Built,Cut,Migrated,Designed,Automated,Trained,Negotiated,Reviewed,Introduced,Measured,Rewrote".split(
    ",",
  );
const things = [
  "the release process of the billing service",
  "a data pipeline in Python and PostgreSQL",
  "the Kubernetes clusters of three regions",
  "an accessible React client",
  "the on-call rota and its runbooks",
  "a GraphQL interface for partners",
  "load tests of the checkout",
  "the hiring of backend engineers",
  "Terraform modules for networks",
  "a Kafka-based event stream",
  "dashboards in Grafana",
  "the security review of vendors",
  "TypeScript libraries shared by five teams",
  "backups and their monthly restore tests",
  "the migration from Jenkins to GitHub Actions",
];
const outcomes = [
  "cutting its cost by {n}%",
  "for {n} customers",
  "from {n} minutes to 4",
  "with a team of {n}",
  "saving {n} hours a month",
  "without an outage in {n} months",
];

/** JSON as the API takes it: six roles, the rest in projects, awards and studies. */
export function benchResume(bullets: number): object {
  const random = randomNumbers(60);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const line = (at: number) => {
    const outcome = pick(outcomes).replace("{n}", String(2 + Math.floor(random() * 90)));
    return { text: `${pick(verbs)} ${things[at % things.length]}, ${outcome}` };
  };
  const roles = 6;
  const inRoles = Math.round(bullets * 0.8);
  const projects = 4;
  const shares = (total: number, parts: number, from: number) =>
    Array.from({ length: parts }, (_, part) =>
      Array.from({ length: Math.floor((total + part) / parts) }, (_line, at) => line(from + 7 * part + at)),
    );
  return {
    basics: { name: "Ada Moreno", email: "ada.moreno@example.org", phone: "+44 20 7946 0000" },
    summary: "Engineer who builds reliable services and the teams that run them.",
    skills: {
      programming_languages: ["TypeScript", "Python", "Go"],
      tools_cloud_technologies: ["Kubernetes"],
    },
    workExperience: shares(inRoles, roles, 0).map((own, at) => ({
      company: `Company ${"ABCDEF".charAt(at)}`,
      title: ["Staff Engineer", "Senior Engineer", "Engineer"][Math.min(2, at)],
      dateRange: `${2023 - 2 * at} - ${at === 0 ? "Present" : 2025 - 2 * at}`,
      bullets: own,
    })),
    projects: shares(bullets - inRoles, projects, 3).map((own, at) => ({
      name: `Open project ${at + 1}`,
      bullets: own,
    })),
    education: [{ institution: "University of Leeds", degree: "BSc Computer Science", dates: "2008 - 2011" }],
    awards: [],
    mentorship: [],
    links: [],
  };
}

export const benchPosting = `Staff Platform Engineer

Requirements
- Experience with Kubernetes in production
- Strong TypeScript
- Python for data pipelines
- PostgreSQL
- Terraform
- Kafka or another event stream
- On-call experience and runbooks
- Continuous integration with GitHub Actions
- Load testing
- At least 8 years of experience in software engineering
- Leading teams of engineers
- Security reviews

Nice to have
- React
- GraphQL
- Grafana dashboards
- Hiring of engineers
- Backups and restore tests
- Negotiating with vendors
- Accessibility
- Go
`;
