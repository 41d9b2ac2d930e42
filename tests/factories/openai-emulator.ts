// A local server that speaks the API of OpenAI-compatible services: well by default, and as badly as a test asks for.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
  response_format?: { type: string; json_schema?: unknown };
  temperature?: number;
  seed?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
}

export interface Line {
  line: number;
  who: string;
  text: string;
}

/** How the next request is answered instead of well. */
export type Behaviour =
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> }
  /** Never, until the client goes. */
  | { kind: "silence" }
  /** Half of a good answer, and then the connection ends. */
  | { kind: "hang-up" }
  | { kind: "content"; content: string; finishReason?: string }
  | { kind: "raw"; body: string };

export interface Received {
  path: string;
  authorization: string | undefined;
  /** Parsed where it is JSON, else as it came. */
  body: unknown;
  text: string;
}

export interface OpenAiEmulator {
  /** With /v1. */
  url: string;
  received: Received[];
  /** For the next requests in turn. */
  next(...behaviours: Behaviour[]): void;
  /** For every chat request that has none of its own. */
  answerChats(answer: (request: ChatRequest) => Behaviour | object): void;
  answerEmbeddings(
    answer: (request: { input: string[]; encoding_format?: string }) => Behaviour | object,
  ): void;
  /** For every recording that has none of its own; a string is text without segments. */
  answerSpeech(answer: (request: { text: string }) => SpeechAnswer | Promise<SpeechAnswer>): void;
  close(): Promise<void>;
}

type SpeechAnswer = Behaviour | object | string;

export async function startOpenAiEmulator(): Promise<OpenAiEmulator> {
  const received: Received[] = [];
  const queue: Behaviour[] = [];
  let chat: (request: ChatRequest) => Behaviour | object = honestAnswer;
  let embeddings: (request: { input: string[]; encoding_format?: string }) => Behaviour | object = ({
    input,
    encoding_format,
  }) => embeddingsAnswer(input, { dimensions: 8, base64: encoding_format === "base64" });

  let speech: (request: { text: string }) => SpeechAnswer | Promise<SpeechAnswer> = () => transcription;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("latin1");
    const isJson = request.headers["content-type"]?.includes("json") === true;
    const body: unknown = isJson ? JSON.parse(Buffer.concat(parts).toString()) : text;
    const path = request.url ?? "";
    received.push({ path, authorization: request.headers.authorization, body, text });
    const behaviour = queue.shift();
    if (path === "/v1/chat/completions") {
      const answer = behaviour ?? asBehaviour(chat(body as ChatRequest));
      return answerWith(response, answer, (content, finish) =>
        completion((body as ChatRequest).model, content, finish),
      );
    }
    if (path === "/v1/embeddings") {
      const found = behaviour ?? embeddings(body as { input: string[] });
      return answerWith(response, isBehaviour(found) ? found : { kind: "raw", body: JSON.stringify(found) });
    }
    if (path === "/v1/audio/transcriptions") {
      const found = behaviour ?? (await speech({ text }));
      const answer = typeof found === "string" ? { text: found } : found;
      return answerWith(
        response,
        isBehaviour(answer) ? answer : { kind: "raw", body: JSON.stringify(answer) },
      );
    }
    answerWith(response, { kind: "status", status: 404, body: { error: { message: "no such path" } } });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    next: (...behaviours) => void queue.push(...behaviours),
    answerChats: (answer) => (chat = answer),
    answerSpeech: (answer) => (speech = answer),
    answerEmbeddings: (answer) => (embeddings = answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerWith(
  response: ServerResponse,
  behaviour: Behaviour,
  wrap: (content: string, finishReason: string) => object = (content) => ({ content }),
): void {
  const send = (status: number, body: string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
  switch (behaviour.kind) {
    case "silence":
      return;
    case "hang-up": {
      const whole = JSON.stringify(wrap("{}", "stop"));
      response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
      return;
    }
    case "status":
      return send(
        behaviour.status,
        JSON.stringify(behaviour.body ?? { error: { message: "refused" } }),
        behaviour.headers,
      );
    case "raw":
      return send(200, behaviour.body);
    case "content":
      return send(200, JSON.stringify(wrap(behaviour.content, behaviour.finishReason ?? "stop")));
  }
}

function completion(model: string, content: string, finishReason: string): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_780_000_000,
    model,
    choices: [{ index: 0, finish_reason: finishReason, message: { role: "assistant", content } }],
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
  };
}

const isBehaviour = (value: object): value is Behaviour =>
  "kind" in value && ["status", "silence", "hang-up", "content", "raw"].includes(String(value.kind));
const asBehaviour = (value: object): Behaviour =>
  isBehaviour(value) ? value : { kind: "content", content: JSON.stringify(value) };

/** The lines that a question is about; empty where it is another one. */
export function linesIn({ messages }: ChatRequest): Line[] {
  const found: unknown = JSON.parse(messages.find(({ role }) => role === "user")?.content ?? "[]");
  return (Array.isArray(found) ? found : []).filter((one): one is Line => "line" in (one as object));
}

/** A model that reports what was said: its longest lines, and whatever somebody says that they will do. */
export function honestAnswer(request: ChatRequest): object {
  const lines = linesIn(request);
  if (lines.length === 0) {
    const entries = JSON.parse(request.messages[1]?.content ?? "[]") as { id: number; outcome?: true }[];
    const keep = entries.filter(({ outcome }) => outcome !== true).slice(0, 12);
    return { keep: keep.map(({ id }) => id), outcome: entries.find(({ outcome }) => outcome)?.id ?? null };
  }
  const longest = [...lines].sort((a, b) => b.text.length - a.text.length).slice(0, 3);
  const statement = ({ line, text }: Line) => ({ text, evidence: [{ line, quote: text }] });
  const will = lines.filter(({ text }) => /\bI(?:'ll| will)\b/.test(text));
  return {
    outcome: null,
    summary: longest.sort((a, b) => a.line - b.line).map(statement),
    decisions: [],
    actions: will.map((one) => ({
      ...statement(one),
      owner: one.who,
      due: /by \w+day/.exec(one.text)?.[0] ?? null,
    })),
    topics: [],
  };
}

export function embeddingsAnswer(
  input: string[],
  { dimensions, base64 = false }: { dimensions: number; base64?: boolean },
): object {
  return {
    object: "list",
    model: "test-embeddings",
    data: input.map((text, index) => {
      const vector = Float32Array.from({ length: dimensions }, (_, n) => text.length + n + 0.5);
      return {
        object: "embedding",
        index,
        embedding: base64 ? Buffer.from(vector.buffer).toString("base64") : [...vector],
      };
    }),
    usage: { prompt_tokens: input.length * 10, total_tokens: input.length * 10 },
  };
}

const transcription = {
  task: "transcribe",
  language: "english",
  duration: 3.5,
  text: "Good morning. How are you?",
  segments: [
    { id: 0, start: 0, end: 1.2, text: " Good morning.", avg_logprob: -0.2, no_speech_prob: 0.01 },
    { id: 1, start: 1.4, end: 3.5, text: " How are you?", avg_logprob: -0.1, no_speech_prob: 0.01 },
  ],
};
