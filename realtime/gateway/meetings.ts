// Who is in which meeting by which sockets: joining, presence with its grace, and everybody's own view of changes.
import { AppError, notFound } from "../../shared/errors.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { Meeting, MeetingState } from "../../shared/schemas/meetings.ts";
import type { AccessEpoch } from "../access.ts";
import { bounds } from "../bounds.ts";
import { toClientError } from "../errors.ts";
import { metricNames } from "../metrics.ts";
import type { RealtimePorts } from "../ports.ts";
import type { MeetingStreams } from "./meeting-streams.ts";
import { SerialByKey } from "./serial.ts";
import { SocketPlaces } from "./socket-places.ts";
import { meetingRoom, personRoom, tell, type GatewayNamespace, type GatewaySocket } from "./sockets.ts";

interface Person {
  actor: Actor;
  /** The term under which this process sees them. */
  seenBy: string;
  sockets: Set<GatewaySocket>;
  /** Runs while nobody of theirs is connected and the grace lasts. */
  cancelLeave: (() => void) | null;
  /** What was sent last, so that nothing is sent twice. */
  shown: { participants: string; state: string };
  /** Lifecycle and role as last seen: what the policy decides by. */
  standing: string | null;
}

interface MeetingView {
  meeting: Meeting;
  state: MeetingState;
}

interface Push {
  cancel: (() => void) | null;
  running: boolean;
  again: boolean;
}

export interface MeetingsOptions {
  ports: RealtimePorts;
  namespace: GatewayNamespace;
  epoch: AccessEpoch;
  /** Open while anybody is in the meeting. */
  streams: Pick<MeetingStreams, "open" | "close">;
  /** A person may not see the meeting any more: whatever else they have of it ends, too. */
  onRevoked(socket: GatewaySocket, meetingId: MeetingId): void;
  /** The meeting's lifecycle or the person's role moved. */
  onStanding(meetingId: MeetingId, userId: UserId): void;
}

export class MeetingPresence {
  readonly #options: MeetingsOptions;
  readonly #meetings = new Map<MeetingId, Map<UserId, Person>>();
  readonly #places = new SocketPlaces();
  readonly #pushes = new Map<MeetingId, Push>();
  readonly #serial = new SerialByKey();
  #stopped = false;

  constructor(options: MeetingsOptions) {
    this.#options = options;
  }

  /**
   * Marks the person as joined and puts the socket into the meeting's rooms; from then on it gets everything that is
   * published. Throws what the meeting's policy throws.
   */
  async join(
    socket: GatewaySocket,
    meetingId: MeetingId,
  ): Promise<{ meeting: Meeting; state: MeetingState }> {
    const { ports, epoch, streams } = this.#options;
    const { actor } = socket.data;
    // Two rooms a meeting.
    if (socket.rooms.size > 2 * bounds.meetingsPerSocket) {
      throw new AppError(
        "RATE_LIMITED",
        `One connection may be in ${bounds.meetingsPerSocket} meetings at once.`,
      );
    }
    const before = epoch.current;
    const joined = await this.#serial.run(`${meetingId} ${actor.userId}`, async () => {
      const seenBy = ports.nodes.term();
      const answer = await ports.meetings.join(actor, meetingId, seenBy);
      this.#add(socket, meetingId, seenBy);
      return answer;
    });
    try {
      await streams.open(meetingId);
      if (!this.#meetings.has(meetingId)) streams.close(meetingId);
      // Somebody's place changed while this was decided: decide again.
      if (before !== epoch.current && !(await ports.meetings.mayRead(actor, meetingId))) {
        const person = this.#meetings.get(meetingId)?.get(actor.userId);
        if (person !== undefined) this.#revoke(meetingId, person);
        throw notFound("This meeting");
      }
    } finally {
      // Its end may have come before it was here, when there was nothing to leave.
      if (!socket.connected) this.leave(socket, meetingId, "grace");
    }
    // Not where it has left meanwhile.
    if (this.#meetings.get(meetingId)?.get(actor.userId)?.sockets.has(socket) === true)
      await socket.join([meetingRoom(meetingId), personRoom(meetingId, actor.userId)]);
    return joined;
  }

  /** By a person's own word, behind a join of theirs that is under way. */
  leaveBehindJoin(socket: GatewaySocket, meetingId: MeetingId): Promise<void> {
    return this.#serial.run(`${meetingId} ${socket.data.actor.userId}`, async () =>
      this.leave(socket, meetingId, "now"),
    );
  }

  isIn(socket: GatewaySocket, meetingId: MeetingId): boolean {
    return socket.rooms.has(meetingRoom(meetingId));
  }

  /** By its own word a person leaves at once; a lost connection has a while to come back. */
  leave(socket: GatewaySocket, meetingId: MeetingId, how: "now" | "grace"): void {
    const { userId } = socket.data.actor;
    this.#places.leave(socket, meetingId);
    void socket.leave(meetingRoom(meetingId));
    void socket.leave(personRoom(meetingId, userId));
    const person = this.#meetings.get(meetingId)?.get(userId);
    if (person?.sockets.delete(socket) !== true || person.sockets.size > 0) return;
    if (how === "now") return this.#leaveNow(meetingId, userId);
    person.cancelLeave?.();
    person.cancelLeave = this.#options.ports.schedule(bounds.presenceGraceMs, () =>
      this.#leaveNow(meetingId, userId),
    );
  }

  leaveAll(socket: GatewaySocket): void {
    for (const meetingId of this.#places.of(socket)) this.leave(socket, meetingId, "grace");
  }

  get meetings(): ReadonlyMap<MeetingId, unknown> {
    return this.#meetings;
  }

  /** Everybody who is in a meeting by sockets here. */
  places(): { meetingId: MeetingId; userId: UserId }[] {
    return [...this.#meetings].flatMap(([meetingId, people]) =>
      [...people.keys()].map((userId) => ({ meetingId, userId })),
    );
  }

  people(meetingId: MeetingId): UserId[] {
    return [...(this.#meetings.get(meetingId)?.keys() ?? [])];
  }

  /** Sends everybody in the meeting their view of it, soon and once for many changes. */
  publish(meetingId: MeetingId): void {
    if (!this.#meetings.has(meetingId)) return;
    const push = this.#pushes.get(meetingId) ?? { cancel: null, running: false, again: false };
    this.#pushes.set(meetingId, push);
    if (push.running) push.again = true;
    if (push.running || push.cancel !== null) return;
    push.cancel = this.#options.ports.schedule(
      bounds.meetingPushWindowMs,
      () => void this.#push(meetingId, push),
    );
  }

  /** After this process was taken for dead it sees everybody under its new term. */
  renew(): void {
    const { ports } = this.#options;
    const term = ports.nodes.term();
    for (const [meetingId, people] of this.#meetings) {
      for (const [userId, { seenBy }] of people) if (seenBy !== term) this.#renew(meetingId, userId);
    }
  }

  async recheckAccess(meetingId: MeetingId, userId: UserId): Promise<void> {
    const person = this.#meetings.get(meetingId)?.get(userId);
    if (person === undefined) return;
    try {
      const allowed = await this.#options.ports.meetings.mayRead(person.actor, meetingId);
      if (!allowed) this.#revoke(meetingId, person);
    } catch (error) {
      this.#log(meetingId, error);
      // Nobody can say: closed for now. Clients come back by themselves and are asked again.
      for (const socket of person.sockets) socket.conn.close();
    }
  }

  /** Sends everybody's sockets in the meeting to another process; how many that were. */
  letGo(meetingId: MeetingId): number {
    const people = [...(this.#meetings.get(meetingId)?.values() ?? [])];
    const sockets = people.flatMap((person) => [...person.sockets]);
    // Closed below Socket.IO, because clients come back by themselves from that.
    for (const socket of sockets) socket.conn.close();
    return sockets.length;
  }

  /** Nobody is marked as present beyond the process that saw them. Errors are logged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const push of this.#pushes.values()) push.cancel?.();
    this.#pushes.clear();
    const leaving = [...this.#meetings].flatMap(([meetingId, people]) =>
      [...people.values()].map(({ actor, cancelLeave, seenBy }) => {
        cancelLeave?.();
        return this.#options.ports.meetings
          .leave(actor, meetingId, seenBy)
          .catch((error: unknown) => this.#log(meetingId, error));
      }),
    );
    this.#meetings.clear();
    await Promise.all(leaving);
  }

  #add(socket: GatewaySocket, meetingId: MeetingId, seenBy: string): void {
    const { actor } = socket.data;
    this.#places.enter(socket, meetingId);
    const people = this.#meetings.get(meetingId) ?? new Map<UserId, Person>();
    this.#meetings.set(meetingId, people);
    const person = people.get(actor.userId);
    if (person === undefined) {
      const shown = { participants: "", state: "" };
      people.set(actor.userId, {
        actor,
        seenBy,
        sockets: new Set([socket]),
        cancelLeave: null,
        shown,
        standing: null,
      });
      return;
    }
    person.actor = actor;
    person.seenBy = seenBy;
    person.sockets.add(socket);
    person.cancelLeave?.();
    person.cancelLeave = null;
    // A new socket has seen nothing yet.
    person.shown = { participants: "", state: "" };
  }

  #leaveNow(meetingId: MeetingId, userId: UserId): void {
    this.#serial
      .run(`${meetingId} ${userId}`, async () => {
        const person = this.#meetings.get(meetingId)?.get(userId);
        if (person === undefined || person.sockets.size > 0) return;
        this.#forget(meetingId, userId);
        await this.#tellLeft(meetingId, person);
      })
      .catch((error: unknown) => this.#log(meetingId, error));
  }

  /** Again and again where nobody can be told, unless they are back: else they would count as present without an end. */
  async #tellLeft(meetingId: MeetingId, person: Person): Promise<void> {
    const { ports } = this.#options;
    try {
      await ports.meetings.leave(person.actor, meetingId, person.seenBy);
    } catch (error) {
      const { kind, retryable } = toClientError(error);
      // Of who has no place any more nobody says that they are present.
      if (kind === "not-found") return;
      this.#log(meetingId, error);
      if (!retryable && kind !== "internal") return;
      ports.schedule(bounds.presenceRetryMs, () => this.#tellLeftUnlessBack(meetingId, person));
    }
  }

  #tellLeftUnlessBack(meetingId: MeetingId, person: Person): void {
    const { userId } = person.actor;
    void this.#serial.run(`${meetingId} ${userId}`, async () => {
      if (this.#stopped || this.#meetings.get(meetingId)?.has(userId) === true) return;
      await this.#tellLeft(meetingId, person);
    });
  }

  #renew(meetingId: MeetingId, userId: UserId): void {
    const { ports } = this.#options;
    this.#serial
      .run(`${meetingId} ${userId}`, async () => {
        const person = this.#meetings.get(meetingId)?.get(userId);
        const [before, now] = [person?.seenBy, ports.nodes.term()];
        if (person === undefined || before === undefined || before === now) return;
        await ports.meetings.join(person.actor, meetingId, now);
        person.seenBy = now;
        await ports.meetings.leave(person.actor, meetingId, before);
      })
      .catch((error: unknown) => this.#log(meetingId, error));
  }

  #forget(meetingId: MeetingId, userId: UserId): void {
    const people = this.#meetings.get(meetingId);
    people?.get(userId)?.cancelLeave?.();
    people?.delete(userId);
    if (people?.size !== 0) return;
    this.#meetings.delete(meetingId);
    this.#options.streams.close(meetingId);
    this.#pushes.get(meetingId)?.cancel?.();
    this.#pushes.delete(meetingId);
  }

  async #push(meetingId: MeetingId, push: Push): Promise<void> {
    push.cancel = null;
    push.running = true;
    const people = [...(this.#meetings.get(meetingId)?.values() ?? [])];
    try {
      const readers = people.map(({ actor }) => actor.userId);
      const views = await this.#options.ports.meetings.views(meetingId, readers);
      for (const person of people) this.#show(meetingId, person, views.get(person.actor.userId));
    } catch (thrown) {
      if (toClientError(thrown).kind !== "not-found") this.#log(meetingId, thrown);
      else for (const person of people) this.#revoke(meetingId, person);
    }
    push.running = false;
    if (!push.again) {
      this.#pushes.delete(meetingId);
      return;
    }
    push.again = false;
    this.publish(meetingId);
  }

  /** Without a view they may not see it. */
  #show(meetingId: MeetingId, person: Person, view: MeetingView | undefined): void {
    const { namespace } = this.#options;
    // Gone meanwhile.
    if (this.#meetings.get(meetingId)?.get(person.actor.userId) !== person) return;
    if (view === undefined) return this.#revoke(meetingId, person);
    const { meeting, state } = view;
    const room = namespace.to(personRoom(meetingId, person.actor.userId));
    const participants = JSON.stringify(meeting.participants);
    if (participants !== person.shown.participants) {
      person.shown.participants = participants;
      tell(room, "participant:changed", { meetingId, participants: meeting.participants });
    }
    // Not the live figures: they move every few seconds, and the live query `state` tells who asks for them.
    const { active, startedAt, endedAt, recordingEnabled } = state;
    const shownState = [{ ...meeting, participants: [] }, active, startedAt, endedAt, recordingEnabled];
    const stateText = JSON.stringify(shownState);
    if (stateText !== person.shown.state) {
      person.shown.state = stateText;
      tell(room, "meeting:state", { meetingId, meeting, state });
    }
    const standing = `${meeting.state} ${meeting.myRole}`;
    if (person.standing !== null && person.standing !== standing) {
      this.#options.onStanding(meetingId, person.actor.userId);
    }
    person.standing = standing;
  }

  #revoke(meetingId: MeetingId, person: Person): void {
    const { ports, onRevoked } = this.#options;
    this.#forget(meetingId, person.actor.userId);
    ports.count(metricNames.accessRevoked, 1);
    for (const socket of person.sockets) {
      this.#places.leave(socket, meetingId);
      tell(socket, "access:revoked", { meetingId, reason: "You no longer have access to this meeting." });
      void socket.leave(meetingRoom(meetingId));
      void socket.leave(personRoom(meetingId, person.actor.userId));
      onRevoked(socket, meetingId);
    }
    person.sockets.clear();
    this.#tellLeftUnlessBack(meetingId, person);
  }

  #log(meetingId: MeetingId, error: unknown): void {
    this.#options.ports.log("warn", "meeting presence failed", {
      meetingId,
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
}
