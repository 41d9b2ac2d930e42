// Checks a DKIM signature (RFC 6376, rsa-sha256, relaxed/relaxed) with the public key at hand instead of one from the DNS.
import { createHash, createVerify, type KeyLike } from "node:crypto";

export interface DkimResult {
  domain: string;
  selector: string;
  /** Which headers are signed, in lower case. */
  headers: string[];
  valid: boolean;
}

/** Null where the message carries no signature. */
export function dkimOf(source: string, publicKey: KeyLike): DkimResult | null {
  const split = source.indexOf("\r\n\r\n");
  const fields = source
    .slice(0, split)
    .split(/\r\n(?![ \t])/)
    .map((raw) => ({ name: raw.slice(0, raw.indexOf(":")).trim().toLowerCase(), raw }));
  const signature = fields.find(({ name }) => name === "dkim-signature");
  if (signature === undefined) return null;
  const tags = tagsOf(signature.raw.slice(signature.raw.indexOf(":") + 1));
  if (tags.get("a") !== "rsa-sha256" || tags.get("c") !== "relaxed/relaxed")
    throw new Error("not a kind of signature that this check knows");
  const headers = (tags.get("h") ?? "").toLowerCase().split(":");
  const bodyHash = createHash("sha256")
    .update(relaxedBody(source.slice(split + 4)))
    .digest("base64");
  // Each name in `h` stands for the last such header that is not taken yet; one that is not there stands for nothing.
  const left = [...fields];
  const signed = headers.map((name) => {
    const at = left.findLastIndex((field) => field.name === name);
    return at === -1 ? "" : `${relaxed(left.splice(at, 1)[0]?.raw ?? "")}\r\n`;
  });
  const withoutSignature = relaxed(signature.raw).replace(/(\bb=)[^;]*$|(\bb=)[^;]*(?=;)/, "$1$2");
  const verified = createVerify("rsa-sha256")
    .update(signed.join("") + withoutSignature)
    .verify(publicKey, tags.get("b") ?? "", "base64");
  return {
    domain: tags.get("d") ?? "",
    selector: tags.get("s") ?? "",
    headers,
    valid: verified && bodyHash === tags.get("bh"),
  };
}

function tagsOf(text: string): Map<string, string> {
  return new Map(
    text.split(";").map((tag) => {
      const at = tag.indexOf("=");
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s+/g, "")] as const;
    }),
  );
}

function relaxed(raw: string): string {
  const colon = raw.indexOf(":");
  const value = raw
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return `${raw.slice(0, colon).trim().toLowerCase()}:${value}`;
}

function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+(?=\r\n)/g, "")
    .replace(/[ \t]+/g, " ")
    .replace(/(\r\n)*$/, "");
  return lines === "" ? "" : `${lines}\r\n`;
}
