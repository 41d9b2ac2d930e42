// Between a process and Redis: single messages of publish and subscribe get lost or are overtaken, everything else passes.
import type { Random } from "./random.ts";
import type { Filter } from "./tcp-proxy.ts";

export interface BadMessages {
  /** For one more process. */
  filter(): Filter;
  /** From now on messages suffer, or all pass as they come. */
  turn(on: boolean): void;
  /** Of the messages while it was on. */
  counts: { messages: number; dropped: number; overtaken: number };
}

export interface BadMessagesOptions {
  random: Random;
  /** Shares of all messages. */
  dropped: number;
  overtaken: number;
  /** A message is overtaken by so many, or by those of so long. */
  heldMessages?: number;
  heldMs?: number;
}

export function badMessages(options: BadMessagesOptions): BadMessages {
  const { random, dropped, overtaken, heldMessages = 3, heldMs = 100 } = options;
  const counts = { messages: 0, dropped: 0, overtaken: 0 };
  let on = false;
  return {
    counts,
    turn: (next) => void (on = next),
    filter: () => (forward) => {
      let bytes: Buffer = Buffer.alloc(0);
      const held: { frame: Buffer; left: number }[] = [];
      const release = (item: { frame: Buffer }) => {
        const index = held.findIndex((one) => one === item);
        if (index === -1) return;
        held.splice(index, 1);
        forward(item.frame);
      };
      const pass = (frame: Buffer) => {
        forward(frame);
        for (const item of [...held]) if ((item.left -= 1) <= 0) release(item);
      };
      const take = (frame: Buffer) => {
        if (!on || !isMessage(frame)) return pass(frame);
        counts.messages += 1;
        if (random.chance(dropped)) return void (counts.dropped += 1);
        if (!random.chance(overtaken)) return pass(frame);
        counts.overtaken += 1;
        const item = { frame, left: heldMessages };
        held.push(item);
        setTimeout(() => release(item), heldMs);
      };
      return (chunk) => {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
        let start = 0;
        for (let end = endOfValue(bytes, start); end !== null; end = endOfValue(bytes, start)) {
          take(bytes.subarray(start, end));
          start = end;
        }
        bytes = bytes.subarray(start);
      };
    },
  };
}

/** `*3` or `>3`, then the word. */
function isMessage(frame: Buffer): boolean {
  const head = frame.toString("latin1", 0, 24);
  return /^[*>]3\r\n\$7\r\nmessage\r\n/.test(head);
}

/** Where the value of Redis's protocol (versions 2 and 3) that begins at `start` ends; null where it is not there yet. */
export function endOfValue(bytes: Buffer, start: number): number | null {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd === -1) return null;
  const kind = bytes.toString("latin1", start, start + 1);
  const next = lineEnd + 2;
  const size = Number(bytes.toString("latin1", start + 1, lineEnd));
  switch (kind) {
    case "$":
    case "=":
    case "!": {
      if (size < 0) return next;
      const end = next + size + 2;
      return end <= bytes.length ? end : null;
    }
    case "*":
    case "~":
    case ">":
      return endOfValues(bytes, next, size);
    case "%":
      return endOfValues(bytes, next, 2 * size);
    case "|":
      return endOfValues(bytes, next, 2 * size + 1);
    default:
      return next;
  }
}

function endOfValues(bytes: Buffer, start: number, count: number): number | null {
  let end: number | null = start;
  for (let index = 0; index < count && end !== null; index += 1) end = endOfValue(bytes, end);
  return end;
}
