// Several processes in memory: calls between them that can get lost, meetings that change their owner, terms that end.
import type { Nodes } from "../ports.ts";

type Handler = Parameters<Nodes["serve"]>[1];

interface Node {
  handlers: Map<string, Handler>;
  onEnded: ((term: string) => void)[];
}

export class FakeNetwork {
  readonly #nodes = new Map<string, Node>();
  /** Of every meeting. */
  owner = "";
  /** Whether a call does not arrive. */
  loses: (call: { from: string; to: string; method: string }) => boolean = () => false;
  /** Names of the calls that arrived. */
  readonly arrived: string[] = [];

  join(term: string): Nodes {
    const node: Node = { handlers: new Map(), onEnded: [] };
    this.#nodes.set(term, node);
    return {
      term: () => term,
      others: () => [...this.#nodes.keys()].filter((other) => other !== term),
      owner: async () => this.owner,
      call: async (to, method, args) => {
        await Promise.resolve();
        const handler = this.#nodes.get(to)?.handlers.get(method);
        if (handler === undefined || this.loses({ from: term, to, method })) throw new Error("no answer");
        this.arrived.push(method);
        return structuredClone(await handler(structuredClone(args), term));
      },
      serve: (method, handler) => void node.handlers.set(method, handler),
      onEnded: (run) => void node.onEnded.push(run),
    };
  }

  /** The process is gone, and the others hear of it. */
  end(term: string): void {
    this.#nodes.delete(term);
    for (const { onEnded } of this.#nodes.values()) for (const run of onEnded) run(term);
  }
}

/** Everything that is under way between the processes has arrived. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
