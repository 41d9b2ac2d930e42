// Job boards that tell of their postings without a key: which addresses are theirs, where they are asked, what they answer.
import { z } from "zod";
import { AppError } from "../../../../shared/errors.ts";
import { foundPosting, type FoundPosting } from "./found-posting.ts";
import { unescapedHtml } from "./page-text.ts";

export interface BoardRequest {
  /** On one of `boardHosts`. */
  api: string;
  /** Throws NOT_FOUND where the board does not hold it any more. */
  read(answer: unknown): FoundPosting;
}

/** Boards are asked here and nowhere else. */
export const boardHosts = [
  "boards-api.greenhouse.io",
  "api.lever.co",
  "api.eu.lever.co",
  "api.ashbyhq.com",
] as const;
const name = /^[A-Za-z0-9][\w.%-]{0,99}$/u;
const text = z.string().nullish();

/** Null where the address is not that of a posting on one of them. */
export function boardRequestOf(address: string): BoardRequest | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return null;
  return greenhouse(url) ?? lever(url) ?? ashby(url);
}

const greenhouseHosts = new Set([
  "boards.greenhouse.io",
  "job-boards.greenhouse.io",
  "boards-api.greenhouse.io",
]);
const greenhouseSchema = z.object({
  title: text,
  absolute_url: text,
  content: z.string(),
  company_name: text,
  location: z.object({ name: text }).nullish(),
});

function greenhouse(url: URL): BoardRequest | null {
  if (!greenhouseHosts.has(url.hostname)) return null;
  const path = /^\/(?:v1\/boards\/)?([^/]+)\/jobs\/(\d+)/u.exec(url.pathname);
  const embedded = url.pathname.startsWith("/embed/");
  const board = embedded ? url.searchParams.get("for") : path?.[1];
  const job = embedded ? url.searchParams.get("token") : path?.[2];
  if (board === null || board === undefined || !name.test(board) || !/^\d{1,20}$/u.test(job ?? ""))
    return null;
  return {
    api: `https://boards-api.greenhouse.io/v1/boards/${board}/jobs/${job}`,
    read(answer) {
      const found = understood(greenhouseSchema, answer);
      return foundPosting({
        jobUrl: url.href,
        platform: "greenhouse",
        title: found.title,
        company: found.company_name ?? board,
        location: found.location?.name,
        description: unescapedHtml(found.content),
      });
    },
  };
}

const leverSchema = z.object({
  text,
  categories: z
    .object({ location: text, commitment: text, allLocations: z.array(z.string()).nullish() })
    .nullish(),
  workplaceType: text,
  description: text,
  descriptionPlain: text,
  lists: z.array(z.object({ text: text, content: text })).nullish(),
  additional: text,
  additionalPlain: text,
  salaryRange: z
    .object({ currency: text, interval: text, min: z.number().nullish(), max: z.number().nullish() })
    .nullish(),
});

function lever(url: URL): BoardRequest | null {
  const hosts: Partial<Record<string, string>> = {
    "jobs.lever.co": "api.lever.co",
    "jobs.eu.lever.co": "api.eu.lever.co",
  };
  const host = hosts[url.hostname];
  const [, site = "", job = ""] = url.pathname.split("/");
  if (host === undefined || !name.test(site) || !/^[0-9a-f-]{36}$/iu.test(job)) return null;
  return {
    api: `https://${host}/v0/postings/${site}/${job}?mode=json`,
    read(answer) {
      const found = understood(leverSchema, answer);
      const places = found.categories?.allLocations ?? [found.categories?.location];
      const remote = found.workplaceType === "remote" ? ["Remote"] : [];
      return foundPosting({
        jobUrl: url.href,
        platform: "lever",
        title: found.text,
        company: site,
        location: [...remote, ...places.filter((place) => typeof place === "string")].join("; "),
        employmentType: found.categories?.commitment,
        salary: leverSalary(found.salaryRange),
        description: found.description ?? found.descriptionPlain ?? "",
        // What is asked for stands in the lists, not in the description.
        parts: [
          ...(found.lists ?? []).map((list) => ({
            heading: list.text ?? "",
            html: asList(list.content ?? ""),
          })),
          { heading: "", html: found.additional ?? found.additionalPlain ?? "" },
        ],
      });
    },
  };
}

/** The items come without the list around them. */
function asList(html: string): string {
  return /<li/iu.test(html) ? `<ul>${html}</ul>` : html;
}

function leverSalary(range: z.output<typeof leverSchema>["salaryRange"]): string | null {
  if (range === null || range === undefined) return null;
  const figures = [range.min, range.max].flatMap((figure) =>
    typeof figure === "number" ? [figure.toLocaleString("en-GB")] : [],
  );
  const interval = range.interval
    ?.replace(/^per-/u, "")
    .replace(/-salary$/u, "")
    .replaceAll("-", " ");
  return figures.length === 0
    ? null
    : [range.currency, [...new Set(figures)].join("–"), interval]
        .filter((part) => typeof part === "string")
        .join(" ");
}

const ashbySchema = z.object({
  jobs: z.array(
    z.object({
      id: text,
      title: text,
      location: text,
      secondaryLocations: z.array(z.object({ location: text })).nullish(),
      employmentType: text,
      isRemote: z.boolean().nullish(),
      isListed: z.boolean().nullish(),
      descriptionHtml: text,
      descriptionPlain: text,
      jobUrl: text,
      compensation: z.object({ compensationTierSummary: text }).nullish(),
    }),
  ),
});

function ashby(url: URL): BoardRequest | null {
  const [, board = "", job = ""] = url.pathname.split("/");
  if (url.hostname !== "jobs.ashbyhq.com" || !name.test(board) || !/^[0-9a-f-]{36}$/iu.test(job)) return null;
  return {
    // It tells of all jobs of a board together.
    api: `https://api.ashbyhq.com/posting-api/job-board/${board}?includeCompensation=true`,
    read(answer) {
      const found = understood(ashbySchema, answer).jobs.find(
        ({ id, jobUrl }) => id === job || jobUrl?.includes(`/${job}`) === true,
      );
      if (found === undefined) throw gone();
      const places = [found.location, ...(found.secondaryLocations ?? []).map(({ location }) => location)];
      return foundPosting({
        jobUrl: url.href,
        platform: "ashby",
        title: found.title,
        company: decodeURIComponent(board),
        location: [
          ...(found.isRemote === true ? ["Remote"] : []),
          ...places.filter((one) => typeof one === "string"),
        ].join("; "),
        employmentType: found.employmentType?.replace(/(?<=[a-z])(?=[A-Z])/gu, "-"),
        salary: found.compensation?.compensationTierSummary,
        description: found.descriptionHtml ?? found.descriptionPlain ?? "",
      });
    },
  };
}

function understood<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "FETCH_FAILED",
    "The job board's answer could not be understood. Paste the text instead.",
    {
      details: { reason: "broken" },
      cause: parsed.error,
    },
  );
}

function gone(): AppError {
  return new AppError("FETCH_FAILED", "The posting is not on the job board any more.", {
    details: { reason: "status" },
  });
}
