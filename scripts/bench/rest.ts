// The REST calls that a benchmark needs before and after its load.
import type { MeetingId } from "../../shared/ids.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { TranscriptChunk, TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { limits } from "../../shared/limits.ts";

export class Rest {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async startMeeting(hostToken: string, title: string, guestEmails: string[]): Promise<MeetingId> {
    const meeting = await this.#call<Meeting>(hostToken, "POST", "/api/v1/meetings", {
      title,
      template: "blank",
      participants: guestEmails.map((email) => ({ email, role: "participant" })),
    });
    await this.#call(hostToken, "POST", `/api/v1/meetings/${meeting.id}/start`);
    return meeting.id;
  }

  /** The whole transcript, page by page. */
  async transcript(token: string, meetingId: MeetingId): Promise<TranscriptChunk[]> {
    const chunks: TranscriptChunk[] = [];
    for (let from: number | null = 0; from !== null;) {
      const query = `fromSequence=${from}&limit=${limits.transcriptPageMaxChunks}`;
      const path = `/api/v1/meetings/${meetingId}/transcript?${query}`;
      const page: TranscriptPage = await this.#call<TranscriptPage>(token, "GET", path);
      chunks.push(...page.chunks);
      from = page.nextFromSequence;
    }
    return chunks;
  }

  async #call<Answer>(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
