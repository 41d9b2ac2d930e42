// Files that people send, at a running server: photos, what is attached in a chat, and everything that must not get in.
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Attachment } from "../../shared/schemas/attachments.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { Message, MessagePage } from "../../shared/schemas/messages.ts";
import type { Me } from "../../shared/schemas/users.ts";
import { uploadRules } from "../../shared/uploads.ts";
import { sendEndless, sendRaw } from "../factories/hostile-uploads.ts";
import {
  jpegFromPhone,
  jpegSample,
  pngOf,
  webpSample,
} from "../../server/platform/uploads/testing-pictures.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { connectSocket, emitOk } from "../factories/sockets.ts";
import { askAt } from "./access/calls.ts";

let server: TestServer;
let anna: string, ben: string, cleo: string, dora: string;
let meeting: Meeting;
let chat: string;

const api = <Answer>(token: string, method: string, path: string, body?: unknown) =>
  askAt<Answer>(server.url + path, token, method, body);
const me = (token: string) => api<Me>(token, "GET", "/api/v1/me");

interface Sent {
  status: number;
  body: { error?: { code: string; message: string; details?: unknown } } & Record<string, unknown>;
}

async function send(
  token: string,
  path: string,
  bytes: Buffer | string,
  options: { method?: string; type?: string | null; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const { method = "POST", type = "application/octet-stream", headers = {} } = options;
  const response = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(type === null ? {} : { "content-type": type }),
      ...headers,
    },
    body: Buffer.from(bytes),
  });
  return { status: response.status, body: (await response.json()) as Sent["body"] };
}

const photo = (token: string, bytes: Buffer | string, type?: string) =>
  send(token, "/api/v1/me/photo", bytes, { method: "PUT", ...(type === undefined ? {} : { type }) });
let keys = 0;
const upload = (
  token: string,
  bytes: Buffer | string,
  {
    name = "file.txt",
    key = `key-${(keys += 1)}`,
    type,
  }: { name?: string; key?: string; type?: string } = {},
) =>
  send(token, `${chat}/attachments?clientKey=${key}&name=${encodeURIComponent(name)}`, bytes, {
    ...(type === undefined ? {} : { type }),
  });
async function uploaded(token: string, bytes: Buffer | string, name?: string): Promise<Attachment> {
  const { status, body } = await upload(token, bytes, name === undefined ? {} : { name });
  expect(status).toBe(201);
  return body as unknown as Attachment;
}
const post = (token: string, attachments: string[], content = "", clientKey = `message-${(keys += 1)}`) =>
  api<Message>(token, "POST", `${chat}/messages`, { clientKey, content, attachments });
const get = (token: string, path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers: { authorization: `Bearer ${token}`, ...headers } });
const fileOf = ({ id }: Pick<Attachment, "id">) => `${chat}/attachments/${id}`;

beforeAll(async () => {
  server = await startTestServer({ store: "embedded", environment: { DELETION_GRACE_HOURS: "0" } });
  anna = await server.token("anna@example.org", "Anna Bell", { org: "Practice" });
  ben = await server.token("ben@example.org", "Ben Cole");
  cleo = await server.token("cleo@example.org", "Cleo Dunn", { org: "Practice" });
  dora = await server.token("dora@example.org", "Dora Elm", { org: "Other" });
  for (const token of [anna, ben, cleo, dora]) await me(token);
  meeting = await api<Meeting>(anna, "POST", "/api/v1/meetings", {
    title: "Files",
    participants: [{ email: "ben@example.org" }],
  });
  chat = `/api/v1/meetings/${meeting.id}`;
});
afterAll(() => server?.close());

describe("photos", () => {
  test("[PHOTOS-1] [UPLOADS-5] [UPLOADS-9] a photo is put together anew, seen by whoever meets one or works with one", async () => {
    const secret = "47.3769 N 8.5417 E";
    const { status, body } = await photo(anna, jpegFromPhone(secret), "image/jpeg");
    expect([status, body["photo"]]).toEqual([200, expect.stringMatching(/^[0-9a-f]{24}$/)]);
    const { id, photo: version } = await me(anna);
    const path = `/api/v1/people/${id}/photo?v=${version}`;
    const seen = await get(ben, path);
    const bytes = Buffer.from(await seen.arrayBuffer());
    expect([seen.status, bytes.includes(secret), bytes.subarray(0, 3).toString("hex")]).toEqual([
      200,
      false,
      "ffd8ff",
    ]);
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "content-disposition": expect.stringMatching(/^inline; /),
      "content-security-policy": expect.stringContaining("sandbox"),
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=300",
      etag: `"${version}"`,
    });
    expect((await get(ben, path, { "if-none-match": `"${version}"` })).status).toBe(304);
    const people = await Promise.all([anna, cleo, dora].map((token) => get(token, path)));
    expect(people.map((answer) => answer.status)).toEqual([200, 200, 404]);
    const shown = await api<Meeting>(ben, "GET", chat);
    expect(shown.participants.find(({ userId }) => userId === id)?.photo).toBe(version);
  });

  test("[PHOTOS-3] [PEOPLE-4] after a block neither of both has a photo for the other", async () => {
    for (const token of [anna, cleo]) await photo(token, pngOf(16, 16));
    const [ofAnna, ofCleo] = [await me(anna), await me(cleo)];
    const seen = async (token: string, { id }: Me) => (await get(token, `/api/v1/people/${id}/photo`)).status;
    for (const [action, status] of Object.entries({ block: 404, unblock: 200 })) {
      await api(cleo, "POST", `/api/v1/people/${ofAnna.id}/connection`, { action });
      expect([await seen(anna, ofCleo), await seen(cleo, ofAnna)]).toEqual([status, status]);
    }
  });

  test("[PHOTOS-2] another takes the place of the first, the same again changes nothing, and none is left after its removal", async () => {
    await photo(cleo, pngOf(16, 16));
    const first = (await me(cleo)).photo;
    await photo(cleo, pngOf(16, 16));
    expect((await me(cleo)).photo).toBe(first);
    await photo(cleo, webpSample, "image/webp");
    const { id, photo: second } = await me(cleo);
    expect(second).not.toBe(first);
    expect((await get(cleo, `/api/v1/people/${id}/photo?v=${first}`)).status).toBe(404);
    expect((await get(cleo, `/api/v1/people/${id}/photo`)).status).toBe(200);
    expect(filesIn(server.dataDir).some((name) => name.endsWith(String(first)))).toBe(false);
    expect(filesIn(server.dataDir).some((name) => name.endsWith(String(second)))).toBe(true);
    expect(await api<Me>(cleo, "DELETE", "/api/v1/me/photo")).toMatchObject({ photo: null });
    expect((await get(cleo, `/api/v1/people/${id}/photo`)).status).toBe(404);
    expect(filesIn(server.dataDir).some((name) => name.endsWith(String(second)))).toBe(false);
  });

  test("[PHOTOS-2] [FILES-2] several that are set at once leave one, whole", async () => {
    const pictures = [pngOf(9, 9), pngOf(10, 10), pngOf(11, 11)];
    const answers = await Promise.all(pictures.map((bytes) => photo(dora, bytes)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { id, photo: version } = await me(dora);
    const seen = Buffer.from(
      await (await get(dora, `/api/v1/people/${id}/photo?v=${version}`)).arrayBuffer(),
    );
    expect(pictures.some((bytes) => bytes.equals(seen))).toBe(true);
  });

  test("[UPLOADS-2] [UPLOADS-4] what is no small picture is no photo", async () => {
    const before = (await me(anna)).photo;
    const refused = [
      await photo(anna, "%PDF-1.7 %%EOF", "application/pdf"),
      await photo(anna, pngOf(2_000, 2)),
      await photo(anna, pngOf(50_000, 50_000, { pixels: Buffer.alloc(0) })),
      await photo(anna, Buffer.concat([jpegSample, randomBytes(uploadRules.photo.maxBytes)])),
      await photo(anna, jpegSample.subarray(0, 300)),
      await photo(anna, ""),
    ];
    expect(refused.map(({ status, body }) => [status, body.error?.code])).toEqual([
      [415, "UNSUPPORTED_FILE"],
      [413, "PAYLOAD_TOO_LARGE"],
      [413, "PAYLOAD_TOO_LARGE"],
      [413, "PAYLOAD_TOO_LARGE"],
      [400, "FILE_DAMAGED"],
      [400, "FILE_DAMAGED"],
    ]);
    expect((await me(anna)).photo).toBe(before);
  });
});

describe("attachments", () => {
  test("[ATTACHMENTS-1] [ATTACHMENTS-2] a message brings files, which whoever reads the chat can read", async () => {
    const socket = await connectSocket(server.url, ben);
    await emitOk(socket, "meeting:join", { meetingId: meeting.id });
    const arrived = new Promise<{ message: Message }>((resolve) => socket.once("chat:message", resolve));
    const text = await uploaded(anna, "Plan\n", "../Plan\u202Efdp.txt");
    expect(text).toMatchObject({ name: "Planfdp.txt", type: "text/plain", bytes: 5, width: null });
    const picture = await uploaded(anna, pngOf(20, 10), "me.png");
    expect(picture).toMatchObject({ type: "image/png", width: 20, height: 10 });
    // Until then it is the sender's alone.
    expect((await get(ben, fileOf(text))).status).toBe(404);
    expect((await get(anna, fileOf(text))).status).toBe(200);
    const message = await post(anna, [text.id, picture.id]);
    expect(message.attachments).toEqual([text, picture]);
    expect((await arrived).message.attachments).toEqual([text, picture]);
    socket.disconnect();

    const seen = await get(ben, fileOf(text));
    expect(await seen.text()).toBe("Plan\n");
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="Planfdp.txt"; filename*=UTF-8''Planfdp.txt`,
      "content-security-policy": expect.stringContaining("sandbox"),
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
    });
    expect((await get(ben, fileOf(picture))).headers.get("content-disposition")).toMatch(/^inline/);
    const part = await get(ben, fileOf(text), { range: "bytes=1-2" });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([
      206,
      "la",
      "bytes 1-2/5",
    ]);
    expect((await get(ben, fileOf(text), { range: "bytes=9-" })).status).toBe(416);
    const { messages } = await api<MessagePage>(ben, "GET", `${chat}/messages`);
    expect(messages.at(-1)?.attachments).toEqual([text, picture]);
    for (const stranger of [cleo, dora]) expect((await get(stranger, fileOf(text))).status).toBe(404);
  });

  test("[ATTACHMENTS-3] an upload and a message that are repeated are done once", async () => {
    const tries = await Promise.all([1, 2, 3, 4].map(() => upload(ben, "Once", { key: "same" })));
    const done = tries.filter(({ status }) => status === 201);
    // At most three of a person's arrive at once.
    expect(tries.filter(({ status }) => ![201, 429].includes(status))).toEqual([]);
    expect(new Set(done.map(({ body }) => body["id"])).size).toBe(1);
    const file = done[0]?.body as unknown as Attachment;
    expect((await upload(ben, "Once", { key: "same" })).body["id"]).toBe(file.id);
    expect((await upload(ben, "Another", { key: "same" })).body.error?.code).toBe("IDEMPOTENCY_MISMATCH");
    // Of somebody else it is another key.
    expect((await upload(anna, "Another", { key: "same" })).status).toBe(201);
    const messages = await Promise.all([1, 2, 3].map(() => post(ben, [file.id], "", "one-message")));
    expect(new Set(messages.map(({ sequence }) => sequence)).size).toBe(1);
    await expect(post(ben, [], "Words", "one-message")).rejects.toThrow("IDEMPOTENCY_MISMATCH");
  });

  test("[ATTACHMENTS-4] nobody sends what is not theirs, of another meeting, or in another message already", async () => {
    const file = await uploaded(anna, "Anna's");
    await expect(post(ben, [file.id])).rejects.toThrow("VALIDATION_ERROR");
    await expect(post(anna, ["f".repeat(24)])).rejects.toThrow("VALIDATION_ERROR");
    await expect(post(anna, [file.id, file.id])).rejects.toThrow("VALIDATION_ERROR");
    await expect(post(anna, [])).rejects.toThrow("VALIDATION_ERROR");
    const six = Array.from({ length: 6 }, (_, index) => String(index).padStart(24, "0"));
    await expect(post(anna, six)).rejects.toThrow("VALIDATION_ERROR");
    const other = await api<Meeting>(anna, "POST", "/api/v1/meetings", { title: "Other" });
    const elsewhere = `/api/v1/meetings/${other.id}`;
    const named = { clientKey: "x", content: "", attachments: [file.id] };
    await expect(api(anna, "POST", `${elsewhere}/messages`, named)).rejects.toThrow("VALIDATION_ERROR");
    expect((await get(anna, `${elsewhere}/attachments/${file.id}`)).status).toBe(404);
    await post(anna, [file.id]);
    await expect(post(anna, [file.id])).rejects.toThrow("VALIDATION_ERROR");
    await expect(api(anna, "DELETE", fileOf(file))).rejects.toThrow("409");
  });

  test("[ATTACHMENTS-5] what no message names can be discarded by its sender alone", async () => {
    const file = await uploaded(anna, "Not meant");
    await expect(api(ben, "DELETE", fileOf(file))).rejects.toThrow("404");
    await api(anna, "DELETE", fileOf(file));
    expect((await get(anna, fileOf(file))).status).toBe(404);
    await expect(post(anna, [file.id])).rejects.toThrow("VALIDATION_ERROR");
  });

  test("[CHAT-3] with a deleted message its files go, and their bytes", async () => {
    const file = await uploaded(ben, "Taken back");
    const message = await post(ben, [file.id]);
    expect(filesIn(server.dataDir).some((name) => name.endsWith(file.id))).toBe(true);
    await api(ben, "POST", `${chat}/messages/${message.id}/changes`, {
      clientKey: "taken-back",
      change: { kind: "delete" },
    });
    expect((await get(ben, fileOf(file))).status).toBe(404);
    expect(filesIn(server.dataDir).some((name) => name.endsWith(file.id))).toBe(false);
    const { messages } = await api<MessagePage>(ben, "GET", `${chat}/messages?limit=200`);
    expect(messages.find(({ id }) => id === message.id)?.attachments).toEqual([]);
  });

  test("[ATTACHMENTS-2] whoever is removed from the meeting reads and sends nothing more", async () => {
    const guest = await server.token("guest@example.org", "Guest");
    const { userId } = await api<{ userId: string }>(anna, "POST", `${chat}/participants`, {
      email: "guest@example.org",
      role: "participant",
    });
    await me(guest);
    const file = await uploaded(anna, "For us");
    await post(anna, [file.id]);
    const theirs = await uploaded(guest, "From the guest");
    expect((await get(guest, fileOf(file))).status).toBe(200);
    await api(anna, "DELETE", `${chat}/participants/${userId}`);
    expect((await get(guest, fileOf(file))).status).toBe(404);
    expect((await get(guest, fileOf(theirs))).status).toBe(404);
    expect((await upload(guest, "More")).status).toBe(404);
    await expect(post(guest, [theirs.id])).rejects.toThrow("404");
  });

  test("[ATTACHMENTS-2] an observer reads with everybody's consent, and sends nothing", async () => {
    const observer = await server.token("observer@example.org", "Observer");
    await api(anna, "POST", `${chat}/participants`, { email: "observer@example.org", role: "observer" });
    const file = await uploaded(anna, "Shared");
    await post(anna, [file.id]);
    expect((await get(observer, fileOf(file))).status).toBe(403);
    for (const token of [anna, ben])
      await api(token, "POST", `${chat}/consents`, { purpose: "sharing", answer: "given", wording: 1 });
    expect((await get(observer, fileOf(file))).status).toBe(200);
    expect((await upload(observer, "Mine")).status).toBe(403);
    await api(ben, "POST", `${chat}/consents`, { purpose: "sharing", answer: "refused", wording: 1 });
    expect((await get(observer, fileOf(file))).status).toBe(403);
  });
});

describe("what must not get in", () => {
  test.each<[string, () => Promise<Sent>, number]>([
    [
      "a program that is called a picture",
      () => upload(anna, "MZ\x90\0\x03\0\0\0", { name: "photo.png", type: "image/png" }),
      415,
    ],
    [
      "an SVG with a script",
      () => upload(anna, "<svg><script>alert(1)</script></svg>", { name: "a.svg", type: "image/svg+xml" }),
      415,
    ],
    [
      "an SVG that is called a text",
      () => upload(anna, "<svg onload=alert(1)>", { name: "a.txt", type: "text/plain" }),
      415,
    ],
    ["a page", () => upload(anna, "<!doctype html><p>Hi", { name: "a.html", type: "text/html" }), 415],
    ["a picture that is called a PDF", () => upload(anna, pngOf(3, 3), { type: "application/pdf" }), 415],
    [
      "a picture of 50 000 × 50 000 pixels",
      () => upload(anna, pngOf(50_000, 50_000, { pixels: Buffer.alloc(10) })),
      413,
    ],
    [
      "a picture that unpacks without end",
      () => upload(anna, pngOf(3, 3, { pixels: Buffer.alloc(30_000_000) })),
      400,
    ],
    ["a picture that is cut off", () => upload(anna, webpSample.subarray(0, 400)), 400],
    [
      "what is packed",
      () => send(anna, `${chat}/attachments?clientKey=p`, "x", { headers: { "content-encoding": "gzip" } }),
      415,
    ],
    [
      "a form",
      () =>
        send(anna, `${chat}/attachments?clientKey=f`, "--x\r\n", { type: "multipart/form-data; boundary=x" }),
      415,
    ],
    ["without a key", () => send(anna, `${chat}/attachments`, "Words"), 400],
  ])(
    "[UPLOADS-2] [UPLOADS-3] [UPLOADS-4] [UPLOADS-6] %s is refused with a sentence",
    async (_name, work, status) => {
      const { status: answered, body } = await work();
      expect([answered, body.error?.message]).toEqual([status, expect.stringMatching(/\w.*\.$/)]);
    },
  );

  test("[UPLOADS-1] too many bytes are refused by what is said of them, before they come", async () => {
    const answer = await sendRaw(
      server.port,
      `POST ${chat}/attachments?clientKey=big HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna}\r\n` +
        `Content-Type: text/plain\r\nContent-Length: ${uploadRules.attachment.maxBytes + 1}\r\n\r\nfirst`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 [^]*"PAYLOAD_TOO_LARGE"/);
  });

  test("[UPLOADS-1] fewer bytes than were said, and a line that breaks, leave nothing", async () => {
    const head =
      `POST ${chat}/attachments?clientKey=lied HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna}\r\n` +
      `Content-Type: text/plain\r\nContent-Length: 500\r\n\r\n`;
    await sendRaw(server.port, `${head}only this`, { hangUp: true });
    // The key is still free.
    expect((await upload(anna, "Whole", { key: "lied" })).status).toBe(201);
    // More bytes than said are another request, which is none.
    const more = await sendRaw(
      server.port,
      `POST ${chat}/attachments?clientKey=more HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna}\r\n` +
        `Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nWordsand much more that nobody asked for\r\n\r\n`,
    );
    expect(more).toMatch(/HTTP\/1\.1 400 /);
  });

  test("[UPLOADS-1] chunks without end are refused once there are too many, and the line is cut", async () => {
    const { status, sent } = await sendEndless(`${server.url}${chat}/attachments?clientKey=endless`, anna);
    expect(status).toBe(413);
    expect(sent).toBeGreaterThan(uploadRules.attachment.maxBytes);
  });

  test("[UPLOADS-10] nothing of what was refused is held in memory", async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^connvo_upload_held_bytes 0$/m);
    expect(metrics).toMatch(
      /^connvo_uploads_total\{purpose="attachment",outcome="PAYLOAD_TOO_LARGE"\} [1-9]/m,
    );
    expect(server.logs()).not.toMatch(/"level":(50|60)/);
  });
});

test("[DELETION-4] a person's files go with them, also from the chat of others", async () => {
  const file = await uploaded(ben, "Ben's own words", "bens-plan.txt");
  await post(ben, [file.id], "Look");
  await photo(ben, pngOf(12, 12));
  const { id, photo: version } = await me(ben);
  expect(filesIn(server.dataDir).filter((name) => name.endsWith(file.id))).toHaveLength(1);
  await api(ben, "POST", "/api/v1/me/deletion", { confirmation: "delete my account" });
  await expect
    .poll(
      () => filesIn(server.dataDir).some((name) => name.endsWith(file.id) || name.endsWith(String(version))),
      {
        timeout: 90_000,
        interval: 250,
      },
    )
    .toBe(false);
  expect((await get(anna, fileOf(file))).status).toBe(404);
  expect((await get(anna, `/api/v1/people/${id}/photo`)).status).toBe(404);
  const { messages } = await api<MessagePage>(anna, "GET", `${chat}/messages?limit=200`);
  expect(messages.filter(({ userId }) => userId === id).flatMap(({ attachments }) => attachments)).toEqual(
    [],
  );
});

function filesIn(directory: string): string[] {
  return readdirSync(join(directory, "files"), { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(directory, "files", name)).isFile(),
  );
}
