// Postings as pages, job boards, texts and files give them, and addresses that are refused.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { AppError } from "../../../../shared/errors.ts";
import { createSafeFetcher, type Fetched } from "../../../platform/safe-fetch.ts";
import { createIntake, fromHtml, fromText } from "./intake.ts";
import { boardRequestOf } from "./job-boards.ts";
import { readPage } from "./page-text.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What each address answers; asked for are kept. */
function intakeOf(answers: Record<string, { body: string; url?: string; contentType?: string } | AppError>) {
  const asked: string[] = [];
  const fetch = (address: string): Promise<Fetched> => {
    asked.push(address);
    const answer = answers[address];
    if (answer === undefined)
      return Promise.reject(new AppError("FETCH_FAILED", "none", { details: { reason: "status" } }));
    if (answer instanceof AppError) return Promise.reject(answer);
    const { body, url = address, contentType = "text/html" } = answer;
    return Promise.resolve({ url, contentType, charset: "utf-8", body: Buffer.from(body) });
  };
  return { intake: createIntake({ fetch }), asked };
}

const uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const jobData = {
  "@context": "https://schema.org",
  "@type": "JobPosting",
  title: "Ward Nurse",
  description: "<p>You care for people.</p><ul><li>Experience of triage</li><li>Calm &amp; kind</li></ul>",
  hiringOrganization: { "@type": "Organization", name: "St Anna" },
  jobLocation: [
    { address: { addressLocality: "Bern", addressCountry: { name: "Switzerland" } } },
    { address: "Basel" },
  ],
  employmentType: ["FULL_TIME", "PART_TIME"],
  baseSalary: { currency: "CHF", value: { minValue: 80000, maxValue: 95000, unitText: "YEAR" } },
};
const page = (data: unknown) =>
  `<title>x</title><script type="application/ld+json">${JSON.stringify(data)}</script>`;

describe("[CAREER-60] a page that tells of its posting in JSON-LD", () => {
  test.each([
    ["at the root", jobData],
    ["in a list", [{ "@type": "WebSite" }, jobData]],
    [
      "in a graph",
      {
        "@graph": [
          { "@type": "WebPage", mainEntity: {} },
          { ...jobData, "@type": ["JobPosting"] },
        ],
      },
    ],
  ])("%s", (_where, data) => {
    expect(fromHtml(page(data), "https://example.org/job")).toMatchObject({
      jobUrl: "https://example.org/job",
      platform: "schema.org",
      title: "Ward Nurse",
      company: "St Anna",
      location: "Bern, Switzerland; Basel",
      employmentType: "Full-time, Part-time",
      salary: "CHF 80,000–95,000 per year",
      extractedText: "You care for people.\n- Experience of triage\n- Calm & kind",
    });
  });

  test.each([
    [
      "as a list page's item",
      { "@type": "ItemList", itemListElement: [{ "@type": "ListItem", item: jobData }] },
    ],
    ["as what the page is about", { "@type": "WebPage", mainEntity: jobData }],
    ["with its whole type", { ...jobData, "@type": "https://schema.org/JobPosting" }],
  ])("%s", (_where, data) => {
    expect(fromHtml(page(data), "").title).toBe("Ward Nurse");
  });

  test("in a CDATA section, behind a damaged one, with numbers and one place as texts", () => {
    const data = { ...jobData, jobLocation: "Bern", employmentType: "FULL_TIME", baseSalary: "80000 a year" };
    const inside = `//<![CDATA[\n${JSON.stringify(data)}\n//]]>`;
    const html = `<script type="application/ld+json">{ "@type": </script><script type="application/ld+json">${inside}</script>`;
    expect(fromHtml(html, "")).toMatchObject({
      title: "Ward Nurse",
      location: "Bern",
      employmentType: "Full-time",
      salary: "80000 a year",
    });
  });

  test("escaped once more, with line breaks in its strings, and with parts beside the description", () => {
    const escaped = jobData.description.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const data = {
      ...jobData,
      description: escaped,
      qualifications: "A driving licence",
      jobLocation: "Zürich",
    };
    const broken = page(data).replace("You care", "You\ncare");
    expect(fromHtml(broken, "").extractedText).toBe(
      "You care for people.\n- Experience of triage\n- Calm & kind\n\nRequirements\nA driving licence",
    );
  });
});

test("[CAREER-61] Greenhouse: its content is unescaped, then read", async () => {
  const api = "https://boards-api.greenhouse.io/v1/boards/acme/jobs/123";
  const content =
    "&lt;h3&gt;Requirements&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;Five years of Go &amp;amp; C++&lt;/li&gt;&lt;li&gt;Patience&lt;/li&gt;&lt;/ul&gt;";
  const body = JSON.stringify({
    title: "Engineer",
    content,
    location: { name: "Bern" },
    company_name: "Acme",
  });
  for (const address of [
    "https://boards.greenhouse.io/acme/jobs/123?gh_src=x",
    "https://job-boards.greenhouse.io/acme/jobs/123",
    "https://boards.greenhouse.io/embed/job_app?for=acme&token=123",
  ]) {
    const { intake, asked } = intakeOf({ [api]: { body } });
    expect(await intake.fromUrl(address)).toMatchObject({
      platform: "greenhouse",
      jobUrl: address,
      title: "Engineer",
      company: "Acme",
      location: "Bern",
      extractedText: "Requirements\n- Five years of Go & C++\n- Patience",
    });
    expect(asked).toEqual([api]);
  }
});

test("[CAREER-61] Lever: what its lists ask for is in the text", async () => {
  const api = `https://api.lever.co/v0/postings/acme/${uuid}?mode=json`;
  const body = JSON.stringify({
    text: "Senior Data Analyst",
    categories: { location: "Bern", commitment: "Full-time", allLocations: ["Bern", "Basel"] },
    workplaceType: "remote",
    descriptionPlain: "We count what counts, every day of the week.",
    lists: [{ text: "You bring", content: "<li>SQL</li><li>Statistics in R</li>" }],
    additionalPlain: "We are kind.",
    salaryRange: { currency: "EUR", interval: "per-year-salary", min: 50000, max: 60000 },
  });
  const { intake } = intakeOf({ [api]: { body } });
  expect(await intake.fromUrl(`https://jobs.lever.co/acme/${uuid}/apply`)).toMatchObject({
    platform: "lever",
    title: "Senior Data Analyst",
    seniority: "Senior",
    location: "Remote; Bern; Basel",
    salary: "EUR 50,000–60,000 year",
    extractedText:
      "We count what counts, every day of the week.\n\nYou bring\n- SQL\n- Statistics in R\n\nWe are kind.",
  });
  expect(boardRequestOf(`https://jobs.eu.lever.co/acme/${uuid}`)?.api).toContain("https://api.eu.lever.co/");
});

test("[CAREER-61] Ashby: one of the board's jobs; one that is gone is said to be", async () => {
  const api = "https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true";
  const job = {
    id: uuid,
    title: "Designer",
    location: "Bern",
    descriptionHtml: "<p>You draw what people understand at once.</p>",
    isListed: true,
  };
  const { intake } = intakeOf({ [api]: { body: JSON.stringify({ jobs: [{ id: "other" }, job] }) } });
  expect(await intake.fromUrl(`https://jobs.ashbyhq.com/acme/${uuid}`)).toMatchObject({
    platform: "ashby",
    title: "Designer",
  });
  const gone = uuid.replace("0f", "ff");
  await expect(intake.fromUrl(`https://jobs.ashbyhq.com/acme/${gone}`)).rejects.toThrow(
    "not on the job board any more",
  );
});

test("[CAREER-61] Lever: HTML in description and lists, parts that stand twice, and fields that are missing", async () => {
  const api = `https://api.lever.co/v0/postings/acme/${uuid}?mode=json`;
  const body = JSON.stringify({
    text: "Cook",
    categories: null,
    description: "<div>We cook &amp; bake for a whole valley.</div><div><br></div>",
    lists: [
      { text: "What you'll do", content: "<li>Cook</li><li>Order</li>" },
      { text: "Nice to have", content: "<li>Baking</li>" },
      { text: "Empty", content: "" },
    ],
    additional: "<p>We cook &amp; bake for a whole valley.</p>",
  });
  const { intake } = intakeOf({ [api]: { body } });
  const found = await intake.fromUrl(`https://jobs.lever.co/acme/${uuid}`);
  expect(found.extractedText).toBe(
    "We cook & bake for a whole valley.\n\nWhat you'll do\n- Cook\n- Order\n\nNice to have\n- Baking",
  );
  expect(found).toMatchObject({ location: null, salary: null, employmentType: null });
});

test("[CAREER-61] a board's answer that is damaged or of another shape is said to be", async () => {
  const api = `https://api.lever.co/v0/postings/acme/${uuid}?mode=json`;
  const address = `https://jobs.lever.co/acme/${uuid}`;
  for (const body of ["<html>", '{"lists": 7}', "[]"])
    await expect(intakeOf({ [api]: { body } }).intake.fromUrl(address)).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringContaining("Paste the text"),
    });
});

test("[CAREER-61] a board that leads elsewhere is not followed, and one that is closed leaves the page", async () => {
  const address = "https://boards.greenhouse.io/acme/jobs/123";
  const api = "https://boards-api.greenhouse.io/v1/boards/acme/jobs/123";
  const led = intakeOf({ [api]: { body: "{}", url: "https://elsewhere.test/" } });
  await expect(led.intake.fromUrl(address)).rejects.toMatchObject({ code: "ADDRESS_REFUSED" });
  const closed = intakeOf({
    [address]: { body: `<main><h1>Nurse</h1><p>${"You care for people. ".repeat(12)}</p></main>` },
  });
  expect(await closed.intake.fromUrl(address)).toMatchObject({ platform: "page", title: "Nurse" });
});

test("[CAREER-62] of a plain page its own part is read, without what is around and without what is hidden", () => {
  const html = `<html><head><title>Jobs | Acme</title><meta property="og:site_name" content="Acme"></head><body>
    <nav>Home</nav><header>Cookies!</header><main><h1>Cook</h1><p>We cook for many people, ${"every day, ".repeat(16)}and well.</p>
    <h2>You bring</h2><ul><li><p>Two years in a kitchen</p><li>Patience<br>and strength</ul>
    <div hidden>secret</div><p style="display: none">hidden</p><script>run()</script><button>Apply</button></main><footer>Imprint</footer>`;
  const found = fromHtml(html, "https://example.org/cook");
  expect(found).toMatchObject({ title: "Cook", company: "Acme", platform: "page" });
  expect(found.extractedText).toMatch(/^Cook\nWe cook for many people/u);
  expect(found.extractedText).toContain("You bring\n- Two years in a kitchen\n- Patience\nand strength");
  for (const word of ["Home", "Cookies", "secret", "hidden", "run()", "Apply", "Imprint"])
    expect(found.extractedText).not.toContain(word);
});

test("[CAREER-62] a page that is nested without end is refused before that costs much; a damaged one is read", () => {
  const hostile = `${"<b>".repeat(500_000)}${"</i>".repeat(300_000)}`;
  expect(thrownBy(() => readPage(hostile)).message).toContain("nested deeper");
  expect(readPage(`${"<div>".repeat(500)}deep${"</p></b>".repeat(1_000)}`).text).toBe("deep");
  expect(readPage("<p>a<!-- <b>c").text).toBe("a");
});

test(
  "[CAREER-62] a text or a page is gone through once, whatever it repeats without end",
  { timeout: 10_000 },
  () => {
    const none = "There is no posting";
    expect(thrownBy(() => fromText({ text: "<p ".repeat(80_000) })).message).toContain(none);
    const data = `<script type="application/ld+json">{${" ".repeat(200_000)}</script>`;
    expect(thrownBy(() => fromHtml(data, "")).message).toContain(none);
    const named = `<div class="${"cookie-banner-".repeat(60_000)}!"></div>`;
    expect(thrownBy(() => fromHtml(named, "")).message).toContain(none);
  },
);

test("[CAREER-62] what shows nothing without its program, and what is too long, says so", () => {
  const { code, message } = thrownBy(() =>
    fromHtml('<div id="root"></div><script src="/app.js"></script>', ""),
  );
  expect([code, message]).toEqual(["VALIDATION_ERROR", expect.stringContaining("Paste its text")]);
  expect(thrownBy(() => fromText({ text: "word ".repeat(30_000) })).message).toContain(
    "much longer than a posting",
  );
});

test("[CAREER-62] a pasted text keeps its lines, and has a title", () => {
  const text = "Job title: Gardener\r\n\r\n\r\nYou   know trees, and hedges.\n• Three years of experience";
  expect(fromText({ text, company: "Parks" })).toMatchObject({
    platform: "pasted",
    title: "Gardener",
    company: "Parks",
    extractedText: "Job title: Gardener\n\nYou know trees, and hedges.\n• Three years of experience",
  });
});

describe("[CAREER-63] a hostile server", () => {
  async function at(listener: RequestListener, names: Record<string, string> = {}) {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const fetcher = createSafeFetcher({
      userAgent: "test",
      lookup: ((name: string, _options: unknown, done: (error: null, found: object[]) => void) =>
        done(null, [{ address: names[name] ?? "127.0.0.1", family: 4 }])) as never,
      isAllowed: (address) => address === "127.0.0.1",
      ports: ["", String(port)],
    });
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await fetcher.close();
    });
    const { fromUrl } = createIntake(fetcher, { timeoutMs: 1_000 });
    return (path: string, host = "page.test") => fromUrl(`http://${host}:${port}${path}`);
  }

  const html = { "content-type": "text/html" };
  const hostile: [string, string, RegExp, RequestListener][] = [
    [
      "led inside by a redirect",
      "ADDRESS_REFUSED",
      /public/u,
      (_, response) => response.writeHead(302, { location: "http://inside.test/" }).end(),
    ],
    [
      "led to an address of the machine itself",
      "ADDRESS_REFUSED",
      /public/u,
      (_, response) => response.writeHead(307, { location: "http://127.0.0.3/" }).end(),
    ],
    [
      "led in circles",
      "FETCH_FAILED redirects",
      /./u,
      (_, response) => response.writeHead(301, { location: "/again" }).end(),
    ],
    [
      "a picture",
      "FETCH_FAILED type",
      /./u,
      (_, response) => response.setHeader("content-type", "image/png").end("x"),
    ],
    [
      "a PDF, whatever the address says",
      "FETCH_FAILED type",
      /./u,
      (_, response) => response.setHeader("content-type", "application/pdf").end("%PDF-1.4"),
    ],
    [
      "far too much",
      "FETCH_FAILED too-large",
      /./u,
      (_, response) => response.writeHead(200, { ...html, "content-length": 99_999_999 }).flushHeaders(),
    ],
    [
      "a little that unpacks to far too much",
      "FETCH_FAILED too-large",
      /./u,
      (_, response) =>
        response
          .writeHead(200, { ...html, "content-encoding": "gzip" })
          .end(gzipSync(Buffer.alloc(30 * 1024 * 1024))),
    ],
    ["nothing, for ever", "FETCH_FAILED timeout", /./u, () => undefined],
    ["an error", "FETCH_FAILED status", /./u, (_, response) => response.writeHead(404).end()],
    [
      "a page that only a program can show",
      "VALIDATION_ERROR",
      /Paste its text/u,
      (_, response) =>
        response.writeHead(200, html).end('<div id="root"></div><script src="/app.js"></script>'),
    ],
  ];
  test.each(hostile)("is answered in words: %s", async (_, code, message, listener) => {
    const get = await at(listener, { "inside.test": "169.254.169.254" });
    const error = await get("/job").then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof AppError)) throw new Error("it was not refused", { cause: error });
    const { reason } = (error.details ?? {}) as { reason?: string };
    expect([error.code, reason].filter(Boolean).join(" ")).toBe(code);
    expect(error.message).toMatch(message);
    // A sentence for the person who gave the address.
    expect(error.message).toMatch(/^\p{Lu}.{15,}[.]$/u);
  });

  test("is not asked where its name or address is inside", async () => {
    const get = await at((_, response) => response.writeHead(200, html).end("<p>x"), {
      "private.test": "10.0.0.8",
      "local.test": "169.254.0.9",
      "six.test": "::1",
    });
    for (const host of ["private.test", "local.test", "six.test", "192.168.1.1", "[fe80::1]", "0x7f000005"])
      await expect(get("/", host)).rejects.toMatchObject({ code: "ADDRESS_REFUSED" });
  });
});

function thrownBy(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
