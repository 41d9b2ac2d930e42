// Meetings with people in them on a server in local mode, made by REST before the load begins.
import type { MeetingId } from "../../shared/ids.ts";
import { mintLocalToken } from "../token.ts";
import { eachAtOnce } from "./load-process.ts";
import { Rest } from "./rest.ts";

const atOnce = 8;

export interface PreparedMeeting {
  meetingId: MeetingId;
  /** One a person, the host's first. */
  tokens: string[];
}

/** Running meetings, each with people of its own. */
export async function prepareMeetings(
  { url, dataDir }: { url: string; dataDir: string },
  { meetings, people }: { meetings: number; people: number },
): Promise<PreparedMeeting[]> {
  const rest = new Rest(url);
  const prepared: PreparedMeeting[] = [];
  await eachAtOnce(meetings, atOnce, async (number) => {
    const emails = Array.from({ length: people }, (_none, person) => `p${person}-m${number}@bench.example`);
    const tokens = await Promise.all(
      emails.map((email, person) => mintLocalToken({ dataDir, email, name: `Person ${person}` })),
    );
    const [host = ""] = tokens;
    const meetingId = await rest.startMeeting(host, `Benchmark ${number}`, emails.slice(1));
    prepared[number] = { meetingId, tokens };
  });
  return prepared;
}
