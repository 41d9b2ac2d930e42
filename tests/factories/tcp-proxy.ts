// A TCP proxy between two parts of a test: it balances over what answers, and can be made slow, deaf and unreliable.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { newRandom } from "./random.ts";

export interface TcpProxy {
  port: number;
  /** Nothing passes in either direction from now on, and nothing is told of it; what was on its way waits. */
  cut(): void;
  /** What waited passes; connections that were made meanwhile go through. */
  heal(): void;
  /** The connections of this moment stay, and nothing passes through them ever again; new ones are as they should be. */
  mute(): void;
  /** Ends every connection. */
  drop(): void;
  /** Every chunk of bytes waits for so long as this answers, in its order. */
  delay(ms: () => number): void;
  close(): Promise<void>;
}

/** Of one connection: gets the bytes that come from the port, and decides what is forwarded of them. */
export type Filter = (forward: (bytes: Buffer) => void) => (bytes: Buffer) => void;

/** Each connection goes to a port by chance, or to the next one that accepts it. */
export async function startTcpProxy(ports: () => number[], filter?: Filter): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const muted = new WeakSet<[Socket, Socket]>();
  let delayMs: () => number = () => 0;
  let healed = Promise.resolve();
  let heal = () => {};
  const random = newRandom(1);

  const server = createServer((client) => {
    client.on("error", () => undefined);
    client.pause();
    const candidates = ports();
    // In turn would put one person's sockets on one node, and all their notes on the other.
    const first = random.below(candidates.length);
    tryNext(client, [...candidates.slice(first), ...candidates.slice(0, first)]);
  });

  function tryNext(client: Socket, [port, ...rest]: number[]): void {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const target = connect(port, "127.0.0.1");
    const failed = () => tryNext(client, rest);
    target.once("error", failed);
    target.once("connect", () => {
      target.removeListener("error", failed);
      target.on("error", () => undefined);
      const pair: [Socket, Socket] = [client, target];
      pairs.add(pair);
      pass(client, target, pair);
      pass(target, client, pair, filter);
      client.resume();
    });
  }

  function pass(from: Socket, to: Socket, pair: [Socket, Socket], filtered?: Filter): void {
    const write = (bytes: Buffer) => {
      if (!to.destroyed && !muted.has(pair)) to.write(bytes);
    };
    const take = filtered?.(write) ?? write;
    let line: Promise<unknown> = Promise.resolve();
    const later = (run: () => void) => {
      // They wait side by side: a distance makes the way longer, not narrower.
      const ms = delayMs();
      const travelled = ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : null;
      line = line.then(async () => {
        await healed;
        await travelled;
        run();
      });
    };
    from.on("data", (bytes: Buffer) => later(() => take(bytes)));
    from.on("close", () => {
      pairs.delete(pair);
      later(() => to.destroy());
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      healed = promise as unknown as Promise<void>;
      heal = () => resolve(undefined);
    },
    heal: () => heal(),
    mute() {
      for (const pair of pairs) muted.add(pair);
    },
    drop() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      heal();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
