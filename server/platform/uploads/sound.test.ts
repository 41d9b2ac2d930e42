// Which recordings are taken: by their bytes, and whole.
import { describe, expect, test } from "vitest";
import type { AppError } from "../../../shared/errors.ts";
import { acceptFile } from "./index.ts";
import { mp4Of, oggOf, webmOf } from "./testing-sounds.ts";

const accepted = async (bytes: Buffer, declaredType: string | null = null) =>
  await acceptFile("speech", { bytes, declaredType, name: null }).then(
    ({ type }) => type,
    (error: AppError) => error.code,
  );

describe.each([
  ["audio/webm", webmOf("said")],
  ["audio/ogg", oggOf("said")],
  ["audio/mp4", mp4Of("said")],
] as const)("%s", (type, whole) => {
  test("[CAPTIONS-6] is taken whole, whatever parameters its type has", async () => {
    expect(await accepted(whole)).toBe(type);
    expect(await accepted(whole, `${type};codecs=opus`)).toBe(type);
  });

  test("[CAPTIONS-6] is refused wherever it is cut off, and under another name", async () => {
    // What lies in one part is cut; whatever was before it is whole.
    for (const cut of [1, 2, 3]) expect(await accepted(whole.subarray(0, -cut))).toBe("FILE_DAMAGED");
    expect(await accepted(whole, "image/png")).toBe("UNSUPPORTED_FILE");
    for (let length = 0; length < whole.length; length += 1)
      expect(["FILE_DAMAGED", "UNSUPPORTED_FILE"]).toContain(await accepted(whole.subarray(0, length)));
  });
});

test("[CAPTIONS-6] a beginning without any sound, and what is no sound, are refused", async () => {
  const whole = webmOf("said");
  // Up to the cluster.
  const silent = whole.subarray(0, whole.indexOf(Buffer.from("1f43b675", "hex")));
  expect(await accepted(silent)).toBe("FILE_DAMAGED");
  expect(await accepted(Buffer.from("just words"))).toBe("UNSUPPORTED_FILE");
  expect(await accepted(Buffer.from("\x1aE\xdf\xa3\x00\x00\x00\x00", "latin1"))).toBe("FILE_DAMAGED");
});

test("[CAPTIONS-6] sound is no file for a chat", async () => {
  const sent = { bytes: webmOf("said"), declaredType: "audio/webm", name: "a.webm" };
  await expect(acceptFile("attachment", sent)).rejects.toMatchObject({ code: "UNSUPPORTED_FILE" });
});
