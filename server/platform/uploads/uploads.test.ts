import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { AppError } from "../../../shared/errors.ts";
import { uploadRules, type FileType } from "../../../shared/uploads.ts";
import { limits } from "../../../shared/limits.ts";
import { archiveOf, jpegFromPhone, jpegSample, pngChunk, pngOf, webpSample } from "./testing-pictures.ts";
import { safeFileName } from "./file-name.ts";
import { acceptFile } from "./index.ts";

const secret = "GPS 47.3769 N 8.5417 E, Anna's kitchen";

const send = (bytes: Buffer | string, declaredType: string | null = null, name: string | null = null) =>
  acceptFile("attachment", { bytes: Buffer.from(bytes), declaredType, name });
const refused = async (work: Promise<unknown>): Promise<AppError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

const word = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"];
const pdf = "%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n";

test.each<[string, Buffer | string, FileType]>([
  ["JPEG", jpegSample, "image/jpeg"],
  ["PNG", pngOf(4, 3), "image/png"],
  ["WebP", webpSample, "image/webp"],
  ["PDF", pdf, "application/pdf"],
  ["text", "Grüße, 你好\n", "text/plain"],
  ["Word", archiveOf(word), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  [
    "Excel",
    archiveOf(["[Content_Types].xml", "xl/workbook.xml", "xl/printerSettings/printerSettings1.bin"]),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ],
])("[UPLOADS-2] %s is known by its bytes, whatever it is called", async (_name, bytes, type) => {
  expect(await send(bytes, null, "no ending")).toMatchObject({ type });
  expect(await send(bytes, `${type}; charset=utf-8`)).toMatchObject({ type });
  expect(await send(bytes, "application/octet-stream")).toMatchObject({ type });
  const lied = await refused(send(bytes, type === "application/pdf" ? "image/png" : "application/pdf"));
  expect(lied.code).toBe("UNSUPPORTED_FILE");
  expect(lied.message).toMatch(/says that it is/);
});

test("[UPLOADS-2] of texts the sender says which they are", async () => {
  expect(await send("a,b\n1,2", "text/csv", "list.csv")).toMatchObject({
    type: "text/csv",
    name: "list.csv",
  });
  expect(await send("# Plan", "text/markdown", "plan.md")).toMatchObject({ name: "plan.md" });
  expect((await refused(send("MZ is a text", "text/html"))).code).toBe("UNSUPPORTED_FILE");
});

test("[UPLOADS-2] programs, archives and what nobody knows are refused, however they are called", async () => {
  const program = Buffer.concat([Buffer.from("MZ"), Buffer.from([0x90, 0, 3, 0, 0, 0, 4, 0, 0xff, 0xff])]);
  for (const [bytes, type] of [
    [program, "image/png"],
    [program, null],
    [Buffer.from("\x7fELF\x02\x01\x01\0", "latin1"), null],
    [archiveOf(["readme.txt"]), null],
    [archiveOf(["[Content_Types].xml"]), null],
    [Buffer.from("GIF89a\x01\0\x01\0\0\0\0;", "latin1"), "image/gif"],
    [Buffer.from("\x1f\x8b\x08\0\0\0\0\0", "latin1"), null],
  ] as const) {
    const error = await refused(send(bytes, type, "photo.png"));
    expect(error.code).toBe("UNSUPPORTED_FILE");
    expect(error.message).toMatch(/not accepted|its content is/);
  }
  expect((await refused(send("", "text/plain"))).code).toBe("FILE_DAMAGED");
  const photo = acceptFile("photo", { bytes: Buffer.from(pdf), declaredType: null, name: null });
  expect((await refused(photo)).message).toContain("a picture");
});

test.each([
  ["an SVG with a script", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ["an SVG behind its declaration", '<?xml version="1.0"?>\n<svg onload="alert(1)"/>'],
  ["an SVG behind a byte order mark", "\ufeff <svg/>"],
  ["a page", "<!DOCTYPE html><script>alert(1)</script>"],
  ["a page behind words", "Dear Anna,\n<script>alert(document.cookie)</script>"],
  ["a page behind a comment", "<!-- x --><html>"],
])("[UPLOADS-3] %s is refused, also as text", async (_name, text) => {
  for (const type of ["image/svg+xml", "text/html", "text/plain", null])
    expect((await refused(send(text, type, "drawing.txt"))).code).toBe("UNSUPPORTED_FILE");
});

test("[UPLOADS-3] [UPLOADS-5] a picture that is a page or an archive as well is a picture alone afterwards", async () => {
  const page = Buffer.from("<html><script>alert(1)</script></html>");
  const archive = archiveOf(["evil.txt"]);
  const riff = Buffer.from(webpSample);
  for (const bytes of [
    Buffer.concat([jpegSample, page, archive]),
    pngOf(4, 3, { extra: [pngChunk("tEXt", page)], after: archive }),
    Buffer.concat([riff, page, archive]),
  ]) {
    const { bytes: kept } = await send(bytes);
    expect(kept.includes("<script>")).toBe(false);
    expect(kept.includes("PK\x03\x04")).toBe(false);
  }
});

describe("[UPLOADS-4] sizes of pictures", () => {
  test("one that claims 50 000 × 50 000 pixels is refused before it is unpacked", async () => {
    const bomb = pngOf(50_000, 50_000, { pixels: Buffer.alloc(0) });
    const error = await refused(send(bomb));
    expect([error.code, error.details]).toEqual([
      "PAYLOAD_TOO_LARGE",
      expect.objectContaining({ width: 50_000, height: 50_000 }),
    ]);
    const jpeg = Buffer.from(jpegSample);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(60_000, frame + 7);
    expect((await refused(send(jpeg))).code).toBe("PAYLOAD_TOO_LARGE");
    const webp = Buffer.from(webpSample);
    const lossy = webp.indexOf("VP8 ") + 8;
    webp.writeUInt16LE(0x3fff, lossy + 6);
    webp.writeUInt16LE(0x3fff, lossy + 8);
    expect((await refused(send(webp))).code).toBe("PAYLOAD_TOO_LARGE");
  });

  test("one that unpacks to more than it says is refused, and one that unpacks to less", async () => {
    const bomb = pngOf(8, 8, { pixels: Buffer.alloc(64 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(100_000);
    expect((await refused(send(bomb))).message).toContain("more pixels than it says");
    expect((await refused(send(pngOf(8, 8, { pixels: Buffer.alloc(71) })))).code).toBe("FILE_DAMAGED");
    const noise = pngOf(8, 8);
    const broken = Buffer.concat([
      noise.subarray(0, 33),
      pngChunk("IDAT", Buffer.from("no zlib")),
      pngChunk("IEND", Buffer.alloc(0)),
    ]);
    expect((await refused(send(broken))).code).toBe("FILE_DAMAGED");
  });

  test("an interlaced one is counted by its passes", async () => {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(5, 0);
    head.writeUInt32BE(3, 4);
    head.set([8, 0, 0, 0, 1], 8);
    // Adam7 of 5 × 3: so many bytes has each of the seven passes, one a row for its filter.
    const rows = [2, 2, 0, 2, 4, 6, 6].reduce((sum, bytes) => sum + bytes, 0);
    const png = (bytes: number) =>
      Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        pngChunk("IHDR", head),
        pngChunk("IDAT", deflateSync(Buffer.alloc(bytes))),
        pngChunk("IEND", Buffer.alloc(0)),
      ]);
    const accepted = [rows - 1, rows, rows + 1].map((bytes) =>
      send(png(bytes)).then(
        () => true,
        () => false,
      ),
    );
    expect(await Promise.all(accepted)).toEqual([false, true, false]);
  });

  test("a photo is bounded more tightly than what is sent in a chat", async () => {
    const bytes = pngOf(1_025, 1);
    expect(await send(bytes)).toMatchObject({ picture: { width: 1_025, height: 1 } });
    const photo = acceptFile("photo", { bytes, declaredType: null, name: null });
    expect((await refused(photo)).code).toBe("PAYLOAD_TOO_LARGE");
  });
});

test("[UPLOADS-5] where, with what and of what else a picture was taken is gone; colours and turn stay", async () => {
  const sent = jpegFromPhone(secret);
  const { bytes, picture } = await send(sent);
  expect(sent.includes(secret)).toBe(true);
  expect(bytes.includes(secret)).toBe(false);
  expect(bytes.includes("ICC_PROFILE")).toBe(true);
  // Held on its side: it is looked at with its sides exchanged.
  expect(picture).toEqual({ width: 12, height: 16 });
  const exif = bytes.indexOf("Exif\0\0");
  expect(bytes.subarray(exif + 6, exif + 40).toString("hex")).toContain("0112000300000001" + "0006");
  expect((await send(bytes)).bytes).toEqual(bytes);

  const png = pngOf(4, 3, {
    extra: [
      pngChunk("eXIf", Buffer.from(secret)),
      pngChunk("tEXt", Buffer.from(secret)),
      pngChunk("gAMA", Buffer.alloc(4)),
    ],
  });
  const kept = (await send(png)).bytes;
  expect(kept.includes(secret)).toBe(false);
  expect(kept.includes("gAMA")).toBe(true);

  const note = Buffer.from(secret.padEnd(secret.length + (secret.length % 2)));
  const head = Buffer.from("EXIF\0\0\0\0", "latin1");
  head.writeUInt32LE(note.length, 4);
  const webp = Buffer.concat([webpSample, head, note]);
  webp.writeUInt32LE(webp.length - 8, 4);
  const still = (await send(webp)).bytes;
  expect(still.includes(secret)).toBe(false);
  expect(still).toEqual((await send(webpSample)).bytes);
  expect([still.includes("ALPH"), still.includes("ICCP")]).toEqual([true, true]);
});

test("[UPLOADS-5] [UPLOADS-6] moving pictures are refused", async () => {
  const frame = Buffer.from("ANIM\x06\0\0\0\0\0\0\0\0\0", "latin1");
  const moving = Buffer.concat([webpSample, frame]);
  moving.writeUInt32LE(moving.length - 8, 4);
  expect((await refused(send(moving))).message).toContain("still one");
  // Of a PNG the first picture stays.
  const apng = pngOf(4, 3, {
    extra: [pngChunk("acTL", Buffer.alloc(8)), pngChunk("fcTL", Buffer.alloc(26))],
  });
  expect((await send(apng)).bytes.includes("acTL")).toBe(false);
});

test("[UPLOADS-6] what is cut off anywhere is refused, and nothing else than a refusal comes of it", async () => {
  for (const whole of [jpegSample, pngOf(9, 9), webpSample, Buffer.from(pdf), archiveOf(word)]) {
    for (let length = 17; length < whole.length - 2; length += 7) {
      const error = await refused(send(whole.subarray(0, length)));
      expect(["FILE_DAMAGED", "UNSUPPORTED_FILE"]).toContain(error.code);
    }
  }
});

test("[UPLOADS-6] no bytes make anything but an acceptance or a refusal", { timeout: 120_000 }, async () => {
  const samples = [jpegSample, jpegFromPhone(secret), pngOf(9, 9), webpSample, archiveOf(word)];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat({ max: 40 }),
      async (sample, changes, cut) => {
        const bytes = Buffer.from(sample.subarray(0, sample.length - (cut > 30 ? cut : 0)));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        try {
          const accepted = await send(bytes);
          // What was put together anew is accepted as it is.
          const again = await send(accepted.bytes, accepted.type);
          expect(again.bytes).toEqual(accepted.bytes);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(["FILE_DAMAGED", "UNSUPPORTED_FILE", "PAYLOAD_TOO_LARGE"]).toContain(error.code);
        }
      },
    ),
    { numRuns: 1_500, seed: 20_261_126 },
  );
});

test("[UPLOADS-8] Office documents with programs, a password, or parts outside of them are refused", async () => {
  for (const [bytes, why] of [
    [archiveOf([...word, "word/vbaProject.bin"]), /macros/],
    [archiveOf([...word, "word/activeX/activeX1.xml"]), /macros/],
    [archiveOf(word, { encrypted: true }), /password/],
    [archiveOf([...word, "../../etc/passwd"]), /outside/],
    [archiveOf([...word, "/etc/passwd"]), /outside/],
    [archiveOf(word, { unpacked: 0xfffffff0 }), /unpack/],
  ] as const) {
    const error = await refused(send(bytes));
    expect([error.code, error.message]).toEqual(["UNSUPPORTED_FILE", expect.stringMatching(why)]);
  }
});

test("[UPLOADS-7] names lose paths, control and direction characters, and get the ending of what the file is", () => {
  const png = (name: string | null) => safeFileName(name, "image/png");
  expect(png("../../etc/passwd")).toBe("passwd.png");
  expect(png("C:\\Windows\\system32\\cmd.exe")).toBe("cmd.exe.png");
  expect(png("/")).toBe("file.png");
  expect(png(null)).toBe("file.png");
  expect(png("...")).toBe("file.png");
  expect(png(".png")).toBe("png.png");
  expect(png("photo\u202Egnp.exe")).toBe("photognp.exe.png");
  expect(png("a\u0000b\u200b\r\nc.png")).toBe("abc.png");
  expect(png("Cafe\u0301.PNG")).toBe("Café.png");
  expect(png("con.png")).toBe("_con.png");
  expect(png('what? "this"|<b>.png')).toBe("what_ _this___b_.png");
  expect(safeFileName("report.docx", "application/pdf")).toBe("report.docx.pdf");
  expect(safeFileName("photo.jpeg", "image/jpeg")).toBe("photo.jpeg");
  expect(png(`${"😀".repeat(500)}.png`)).toHaveLength(limits.fileNameMaxChars);
  expect(png(`${"😀".repeat(500)}.png`).isWellFormed()).toBe(true);
  expect(png("\ud800.png")).toBe("\ufffd.png");
});

test("[UPLOADS-7] any name becomes one that is safe", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (given) => {
      const name = safeFileName(given, "text/plain");
      expect(name.length).toBeLessThanOrEqual(limits.fileNameMaxChars);
      expect(name).toMatch(/^[^/\\<>:"|?*\p{C}]+\.(txt|log|text)$/u);
      expect(name.startsWith(".")).toBe(false);
      expect(safeFileName(name, "text/plain")).toBe(name);
    }),
    { numRuns: 1_000, seed: 7 },
  );
});

test("every type that is accepted anywhere is accepted in a chat", () => {
  expect(uploadRules.attachment.types).toEqual(expect.arrayContaining([...uploadRules.photo.types]));
});
