// Brings in a posting: from an address on the web, from a text, from a file.
import { AppError } from "../../../../shared/errors.ts";
import type { SafeFetcher } from "../../../platform/safe-fetch.ts";
import { foundPosting, type FoundPosting } from "./found-posting.ts";
import { boardHosts, boardRequestOf } from "./job-boards.ts";
import { postingInData } from "./job-data.ts";
import { withBars } from "./page-tables.ts";
import { plainLines, readPage } from "./page-text.ts";

const pageMaxBytes = 3 * 1024 * 1024;
/** Some boards answer with all of their postings. */
const boardMaxBytes = 12 * 1024 * 1024;
const answerWithinMs = 15_000;

export interface Intake {
  /**
   * Throws ADDRESS_REFUSED where the address is not of the public internet, FETCH_FAILED where nothing usable came from
   * it, VALIDATION_ERROR where no posting is in it; all in words for the person.
   */
  fromUrl(address: string): Promise<FoundPosting>;
}

export function createIntake(
  fetcher: Pick<SafeFetcher, "fetch">,
  { timeoutMs = answerWithinMs }: { timeoutMs?: number } = {},
): Intake {
  async function fromPage(address: string): Promise<FoundPosting> {
    const page = await fetcher.fetch(address, {
      accept: ["text/html", "application/xhtml+xml", "text/plain"],
      maxBytes: pageMaxBytes,
      timeoutMs,
    });
    const text = decoded(page.body, page.charset);
    return page.contentType === "text/plain"
      ? { ...fromText({ text }), jobUrl: page.url, platform: "page" }
      : fromHtml(text, page.url);
  }

  return {
    async fromUrl(given) {
      const address = given.trim();
      const board = boardRequestOf(address);
      if (board === null) return await fromPage(address);
      try {
        const { url, body } = await fetcher.fetch(board.api, {
          accept: ["application/json"],
          maxBytes: boardMaxBytes,
          timeoutMs,
        });
        if (!(boardHosts as readonly string[]).includes(new URL(url).hostname))
          throw new AppError("ADDRESS_REFUSED", "The job board led to another place, which is not asked.");
        return board.read(parsedJson(body));
      } catch (error) {
        // Boards that are not to be asked by programs may show the page all the same.
        if (!(error instanceof AppError) || error.code !== "FETCH_FAILED") throw error;
        return await fromPage(address).catch(() => {
          throw error;
        });
      }
    },
  };
}

export function fromHtml(html: string, jobUrl: string, platform = "page"): FoundPosting {
  const page = readPage(html);
  const structured = postingInData(page.data, jobUrl);
  if (structured !== null) return structured;
  return foundPosting({
    jobUrl,
    platform,
    title: page.heading ?? page.title,
    company: page.siteName,
    description: page.text,
  });
}

export function fromText(pasted: {
  text: string;
  title?: string | undefined;
  company?: string | undefined;
  location?: string | undefined;
  jobUrl?: string | undefined;
  platform?: string;
}): FoundPosting {
  const { text, jobUrl = "", platform = "pasted", ...named } = pasted;
  // Whoever pastes a page's source means what it says.
  if (/<(?:p|li|div|br|h[1-6])\b[^<>]*>/iu.test(text)) {
    const found = fromHtml(text, jobUrl, platform);
    return { ...found, platform, ...given(named) };
  }
  return foundPosting({
    jobUrl,
    platform,
    ...named,
    title: named.title,
    description: plainLines(withBars(text)),
  });
}

function given(named: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(named).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
    ),
  );
}

/** By what the answer says, then by what the page says, else UTF-8. */
export function decoded(body: Buffer, charset: string | null): string {
  const said =
    charset ?? /<meta[^>]+charset=["']?([\w-]{2,40})/iu.exec(body.subarray(0, 2_048).toString("latin1"))?.[1];
  try {
    return new TextDecoder(said ?? "utf-8").decode(body);
  } catch {
    // A name that no decoder has: what most pages are written in.
    return new TextDecoder().decode(body);
  }
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (error) {
    throw new AppError("FETCH_FAILED", "The job board's answer is damaged. Paste the text instead.", {
      details: { reason: "broken" },
      cause: error,
    });
  }
}
