// The replay of a recorded conversation against the real server, as `npm run demo` does it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { replay } from "../../scripts/demo/replay.ts";
import { importTranscript } from "../../shared/transcript-import/index.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const recording = `speaker,timestamp,text
client,00:00:03,"I keep putting off the talk with my manager about the new role."
coach,00:00:09,"What would make the talk with your manager easier?"
client,00:00:14,"Knowing what I want from the new role, and saying it first."
coach,00:00:20,"Could you write down three points about the role before our next session?"
client,00:00:26,"Yes, sure."
client,00:00:28,"And I'll email my manager for a date by Friday."
coach,00:00:33,"It sounds like you know what you want to say about the new role."
`;

test("a replayed call leaves its transcript, notes, chat, recap and emails, and says who promised what", async () => {
  const result = await replay({
    url: server.url,
    transcript: importTranscript(recording),
    title: "A recorded call",
    speed: 50,
    forSeconds: null,
    mintToken: ({ email, name }) => server.token(email, name),
    progress: () => undefined,
  });
  expect(result.problems).toEqual([]);
  expect(result.utterances).toBe(7);
  // The coach hosts, whoever spoke first.
  expect(result.people.map(({ speaker }) => speaker)).toEqual(["coach", "client"]);
  expect(result.insight?.actionItems.map(({ text }) => text)).toEqual([
    "Write down three points about the role before our next session",
    "Email my manager for a date by Friday",
  ]);
  expect(
    result.emails.map(({ subject, calendar }) => [subject.replace(/ (?:from|on) .*/, ""), calendar]),
  ).toEqual([
    ["Recap of your call", true],
    ["Your 2 actions", true],
  ]);
  expect(result.recapUrl).toBe(`${server.url}/meetings/${result.meetingId}/recap`);
});
