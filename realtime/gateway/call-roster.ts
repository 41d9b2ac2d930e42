// Who is in which call: decided by the process that owns the meeting, known to every process with people in it.
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { CallPeer } from "../../shared/protocol/socket-events.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";
import { SerialByKey } from "./serial.ts";

/** `term` is the process that holds the peer's socket. */
export interface RosterPeer extends CallPeer {
  term: string;
}

/** All peers of one process in one call. Said again it changes nothing, so it may be repeated until it is answered. */
interface Said {
  meetingId: MeetingId;
  peers: CallPeer[];
  /** What the sender knew of the whole call: a new owner begins with that instead of with nobody. */
  knew: RosterPeer[];
  entering: boolean;
}

/** `peers` is null where the process that was asked does not own the meeting. */
interface Answer {
  peers: RosterPeer[] | null;
}

interface Entering {
  peer: CallPeer;
  admitted(): void;
}

const methods = { say: "call.say", list: "call.list" } as const;

export interface CallRosterOptions {
  ports: Pick<RealtimePorts, "nodes" | "schedule" | "now" | "callMaxPeers">;
  /** Peers of this process in the call. */
  here(meetingId: MeetingId): CallPeer[];
  /** Meetings with people of this process in them. */
  meetings(): Iterable<MeetingId>;
  /** Whether the meeting is one of them, or has peers of this process. */
  concerns(meetingId: MeetingId): boolean;
  onChanged(meetingId: MeetingId): void;
}

export class CallRoster {
  readonly #options: CallRosterOptions;
  readonly #serial = new SerialByKey();
  /** Of meetings that this process owns. */
  readonly #decided = new Map<MeetingId, RosterPeer[]>();
  readonly #known = new Map<MeetingId, RosterPeer[]>();
  #sweeps = 0;

  constructor(options: CallRosterOptions) {
    this.#options = options;
    const { nodes } = options.ports;
    nodes.serve(methods.say, async (args, from) => {
      const answers: Answer[] = [];
      for (const said of args["calls"] as Said[]) answers.push(await this.#answer(said, from));
      return { answers };
    });
    nodes.serve(methods.list, (args) => {
      const meetingId = args["meetingId"] as MeetingId;
      if (options.concerns(meetingId)) this.#learn(meetingId, args["peers"] as RosterPeer[]);
      return {};
    });
    nodes.onEnded((term) => this.#ended(term));
  }

  peers(meetingId: MeetingId): RosterPeer[] {
    return this.#known.get(meetingId) ?? [];
  }

  /** Throws MEETING_FULL. From the call of `admitted` on the peer is among those who are `here`. */
  enter(meetingId: MeetingId, peer: CallPeer, admitted: () => void): Promise<void> {
    const untilMs = this.#nowMs() + bounds.callEnterMs;
    return this.#say(meetingId, { entering: { peer, admitted }, untilMs });
  }

  /** Something of this process's peers has changed. What does not arrive now arrives with the next sweep. */
  changed(meetingId: MeetingId): void {
    this.#say(meetingId, { entering: null, untilMs: 0 }).catch(() => undefined);
  }

  /** The list as the owner has it, or as it is known where the owner cannot be asked now. */
  async asked(meetingId: MeetingId): Promise<RosterPeer[]> {
    const alone = this.#options.ports.nodes.others().length === 0;
    if (!alone) await this.#say(meetingId, { entering: null, untilMs: 0 }).catch(() => undefined);
    return this.peers(meetingId);
  }

  /** Called in a fixed rhythm: makes good what got lost, and tells new owners of what goes on. */
  sweep(): void {
    const { meetings, ports } = this.#options;
    this.#sweeps += 1;
    const all = ports.nodes.others().length > 0 && this.#sweeps % bounds.callQuietSweeps === 0;
    for (const meetingId of new Set([...this.#known.keys(), ...(all ? meetings() : [])])) {
      this.changed(meetingId);
    }
  }

  /** One after another for each meeting, each time with what is true then. */
  #say(meetingId: MeetingId, options: { entering: Entering | null; untilMs: number }): Promise<void> {
    return this.#serial.run(meetingId, async () => {
      for (;;) {
        try {
          const peers = await this.#sayOnce(meetingId, options.entering?.peer ?? null);
          if (peers !== null) {
            options.entering?.admitted();
            return this.#learn(meetingId, peers);
          }
        } catch (error) {
          if (error instanceof AppError && error.code === "MEETING_FULL") throw error;
        }
        if (this.#nowMs() >= options.untilMs) {
          throw new AppError("UNAVAILABLE", "The call cannot be reached just now. Please try again.");
        }
        await new Promise<void>((resolve) => this.#options.ports.schedule(bounds.callRetryMs, resolve));
      }
    });
  }

  async #sayOnce(meetingId: MeetingId, entering: CallPeer | null): Promise<RosterPeer[] | null> {
    const { here, ports } = this.#options;
    const owner = await ports.nodes.owner(meetingId);
    const peers = here(meetingId);
    if (entering !== null) {
      const place = peers.findIndex(({ peerId }) => peerId === entering.peerId);
      peers.splice(place === -1 ? peers.length : place, place === -1 ? 0 : 1, entering);
    }
    const said: Said = { meetingId, peers, knew: this.peers(meetingId), entering: entering !== null };
    if (owner === ports.nodes.term()) return this.#decide(said, owner);
    const { answers } = await ports.nodes.call(owner, methods.say, { calls: [said] });
    return (answers as Answer[])[0]?.peers ?? null;
  }

  async #answer(said: Said, from: string): Promise<Answer> {
    const { nodes } = this.#options.ports;
    if ((await nodes.owner(said.meetingId)) !== nodes.term()) return { peers: null };
    return { peers: this.#decide(said, from) };
  }

  /** As the owner. */
  #decide({ meetingId, peers, knew, entering }: Said, from: string): RosterPeer[] {
    const { concerns, ports } = this.#options;
    const before = this.#decided.get(meetingId) ?? this.#begin(meetingId, knew);
    const others = before.filter(({ term }) => term !== from);
    if (entering && others.length + peers.length > ports.callMaxPeers) {
      throw new AppError("MEETING_FULL", `A call has room for ${ports.callMaxPeers} at a time.`);
    }
    const places = new Map(before.map(({ peerId }, place) => [peerId, place]));
    const placeOf = ({ peerId }: CallPeer) => places.get(peerId) ?? places.size;
    // Everybody keeps their place in the list.
    const now = [...others, ...peers.map((peer) => ({ ...peer, term: from }))].sort(
      (one, other) => placeOf(one) - placeOf(other),
    );
    if (now.length > 0) this.#decided.set(meetingId, now);
    else this.#decided.delete(meetingId);
    if (JSON.stringify(before) !== JSON.stringify(now)) {
      for (const term of ports.nodes.others()) {
        if (term !== from)
          ports.nodes.call(term, methods.list, { meetingId, peers: now }).catch(() => undefined);
      }
    }
    if (concerns(meetingId)) this.#learn(meetingId, now);
    return now;
  }

  /** A new owner goes on with the call as somebody knew it, without those whose process is gone. */
  #begin(meetingId: MeetingId, knew: RosterPeer[]): RosterPeer[] {
    const { here, ports } = this.#options;
    const own = ports.nodes.term();
    const living = new Set(ports.nodes.others());
    return [
      ...knew.filter(({ term }) => living.has(term)),
      ...here(meetingId).map((peer) => ({ ...peer, term: own })),
    ];
  }

  #learn(meetingId: MeetingId, peers: RosterPeer[]): void {
    const before = JSON.stringify(this.peers(meetingId));
    if (peers.length > 0) this.#known.set(meetingId, peers);
    else this.#known.delete(meetingId);
    if (before !== JSON.stringify(peers)) this.#options.onChanged(meetingId);
  }

  #ended(term: string): void {
    const { ports } = this.#options;
    if (term === ports.nodes.term()) this.#decided.clear();
    for (const [meetingId, peers] of [...this.#decided]) {
      if (!peers.some((peer) => peer.term === term)) continue;
      this.#decide({ meetingId, peers: [], knew: [], entering: false }, term);
    }
  }

  #nowMs(): number {
    return this.#options.ports.now().getTime();
  }
}
