// What the cluster keeps in the store: who writes under which term, and who owns which meeting. A port, with fakes for tests.
import type { Term } from "../journal/journal-store.ts";

/** One process from its start to its end; it gets a new term where it was taken for dead. */
export interface NodeRecord {
  term: Term;
  host: string;
  pid: number;
  /** Counts its heartbeats: whoever watches sees by this that it lives, without comparing clocks. */
  beats: number;
  /** It owns every meeting without saying so, because it runs alone. */
  alone: boolean;
  /** `ended`: nobody writes under it any more, and what it left in the journal has to be filed. */
  state: "open" | "ended";
}

export interface Owner {
  term: Term;
  /** Rises with each change of owner. */
  epoch: number;
}

export interface ClusterStore {
  enter(node: NodeRecord, at: Date): Promise<void>;
  /** One heartbeat. False where the term is not open any more. */
  beat(term: Term, at: Date): Promise<boolean>;
  /** From now on nobody takes the term for a living one; `alone` is lifted where its meetings' owners are all written down. */
  end(term: Term, changes?: { alone: false }): Promise<void>;
  /** Everything of the term is filed. */
  close(term: Term, at: Date): Promise<void>;
  /** All nodes that are not closed, in order of their terms. */
  unclosed(): Promise<NodeRecord[]>;
  /** Terms closed before that time. */
  closedBefore(time: Date): Promise<Term[]>;
  forget(term: Term): Promise<void>;
  owner(meetingId: string): Promise<Owner | null>;
  /** Makes `term` the owner if `from` still is (null: nobody). Answers who is the owner afterwards. */
  claim(meetingId: string, from: Owner | null, term: Term): Promise<Owner>;
}
