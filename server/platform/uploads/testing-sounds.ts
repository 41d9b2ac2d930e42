// Recordings for tests, put together part by part as browsers write them; what sounds in them is any bytes.
import { Buffer } from "node:buffer";

/** An element of WebM; without a size its parent's end ends it. */
function element(id: string, body: Buffer, size: "known" | "unknown" = "known"): Buffer {
  const length = Buffer.from([0x10, 0, 0, 0]);
  length.writeUInt32BE((0x10000000 | body.length) >>> 0);
  const unknown = Buffer.from("01ffffffffffffff", "hex");
  return Buffer.concat([Buffer.from(id, "hex"), size === "known" ? length : unknown, body]);
}

/** As Chromium's and Firefox's recorders write it: sizes of segment and clusters are not known. */
export function webmOf(sound: string): Buffer {
  const block = element("a3", Buffer.concat([Buffer.from("81000080", "hex"), Buffer.from(sound, "latin1")]));
  const cluster = element("1f43b675", Buffer.concat([element("e7", Buffer.from([0])), block]), "unknown");
  const tracks = element("1654ae6b", Buffer.from("track"));
  return Buffer.concat([
    element("1a45dfa3", Buffer.from("webm")),
    element("18538067", Buffer.concat([tracks, cluster]), "unknown"),
  ]);
}

/** Pages of at most 255 bytes each. */
export function oggOf(sound: string): Buffer {
  const page = (body: Buffer) => {
    const header = Buffer.alloc(28);
    header.write("OggS", 0, "latin1");
    header[26] = 1;
    header[27] = body.length;
    return Buffer.concat([header, body]);
  };
  return Buffer.concat(["OpusHead", "OpusTags", sound].map((text) => page(Buffer.from(text, "latin1"))));
}

export function mp4Of(sound: string): Buffer {
  const box = (kind: string, body: Buffer) => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(8 + body.length);
    header.write(kind, 4, "latin1");
    return Buffer.concat([header, body]);
  };
  return Buffer.concat([
    box("ftyp", Buffer.from("iso5")),
    box("moov", Buffer.alloc(20)),
    box("moof", Buffer.alloc(8)),
    box("mdat", Buffer.from(sound, "latin1")),
  ]);
}
