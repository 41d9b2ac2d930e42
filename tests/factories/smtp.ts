// A real SMTP server on loopback that keeps what it accepts and refuses what a test tells it to.
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  from: string;
  to: string[];
  /** The message as it came over the wire. */
  source: string;
}

export interface MimePart {
  contentType: string;
  filename: string | null;
  content: string;
}

export type SmtpAnswer =
  | "accept"
  | "hang-up"
  /** Takes the message, then drops the connection without an answer. */
  | "hang-up-after-data"
  /** Answers nothing more, on any connection, until the server is told to go on. */
  | "freeze"
  | { refuse: "recipient" | "data"; code: number; text?: string };

export interface TestSmtpServer {
  url: string;
  mails: ReceivedMail[];
  /** Answers for the next messages, in order; then everything is accepted. */
  answers: SmtpAnswer[];
  /** Ends a freeze. */
  thaw(): void;
  /** Messages that were begun. */
  attempts(): number;
  close(): Promise<void>;
}

export async function startSmtpServer(options: { password?: string } = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const answers: SmtpAnswer[] = [];
  let attempts = 0;
  /** By session: two messages may be under way at once. */
  const current = new Map<string, SmtpAnswer>();
  let frozen: Promise<void> | null = null;
  let thaw = () => {};
  const refusal = (code: number, text = "refused by the test") =>
    Object.assign(new Error(text), { responseCode: code });

  const whenThawed = () => frozen ?? Promise.resolve();

  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth({ password }, _session, done) {
      if (password === options.password) done(null, { user: "tester" });
      else done(refusal(535));
    },
    onMailFrom(_address, session, done) {
      attempts += 1;
      const answer = answers.shift() ?? "accept";
      current.set(session.id, answer);
      if (answer === "freeze") ({ promise: frozen, resolve: thaw } = Promise.withResolvers<void>());
      if (answer === "hang-up") hangUp(session.id);
      else void whenThawed().then(() => done());
    },
    onRcptTo(_address, session, done) {
      const answer = current.get(session.id);
      if (typeof answer === "object" && answer.refuse === "recipient")
        done(refusal(answer.code, answer.text));
      else void whenThawed().then(() => done());
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        const answer = current.get(session.id);
        if (typeof answer === "object") return done(refusal(answer.code, answer.text));
        void whenThawed().then(() => {
          // Who has gone while it was frozen gets no answer, and what they wanted to send is not taken.
          if (!isThere(session.id)) return;
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            source: Buffer.concat(pieces).toString(),
          });
          if (answer === "hang-up-after-data") hangUp(session.id);
          else done();
        });
      });
    },
  });
  // A client that goes away in the middle is part of some tests.
  server.on("error", () => undefined);
  const isThere = (sessionId: string) =>
    [...server.connections].some(({ id, _socket }) => id === sessionId && !_socket.destroyed);
  const hangUp = (sessionId: string) => {
    for (const connection of server.connections) {
      if (connection.id === sessionId) connection._socket.destroy();
    }
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const userinfo = options.password === undefined ? "" : `tester:${encodeURIComponent(options.password)}@`;
  return {
    url: `smtp://${userinfo}127.0.0.1:${port}`,
    mails,
    answers,
    thaw: () => {
      frozen = null;
      thaw();
    },
    attempts: () => attempts,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Headers of the whole message, unfolded, in lower case with their values. */
export function headersOf(source: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  const [head = ""] = source.split("\r\n\r\n", 1);
  for (const line of head.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(line.indexOf(":") + 1).trim()]);
  }
  return headers;
}

/** The leaves of a MIME message with their content decoded. */
export function partsOf(source: string): MimePart[] {
  const split = source.indexOf("\r\n\r\n");
  const body = source.slice(split + 4);
  const headers = headersOf(source);
  const contentType = headers.get("content-type")?.[0] ?? "text/plain";
  const boundary = /boundary="([^"]+)"/.exec(contentType)?.[1];
  if (boundary !== undefined) {
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => partsOf(part.replace(/^\r\n/, "").replace(/\r\n$/, "")));
  }
  const encoding = headers.get("content-transfer-encoding")?.[0] ?? "7bit";
  const disposition = headers.get("content-disposition")?.[0] ?? "";
  return [
    {
      contentType,
      filename: /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? null,
      content: decode(body, encoding),
    },
  ];
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
