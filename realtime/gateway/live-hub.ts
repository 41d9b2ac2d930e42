// Live queries: a snapshot at once, a new one when something it depends on has changed, access checked at every push.
import { createHash } from "node:crypto";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import { meetingIdSchema } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type { Topic } from "../../shared/protocol/live-queries.ts";
import type { ClientEventAck, ClientEventParsed } from "../../shared/protocol/socket-events.ts";
import { bounds } from "../bounds.ts";
import { toClientError } from "../errors.ts";
import { metricNames } from "../metrics.ts";
import type { LiveQuery, RealtimePorts } from "../ports.ts";
import { tell, type GatewaySocket } from "./sockets.ts";

interface Subscription {
  id: string;
  socket: GatewaySocket;
  query: LiveQuery;
  args: Record<string, unknown>;
  topics: Topic[];
  /** Subscriptions of one session with equal key have equal answers: run once for all of them. */
  key: string;
  cursor: string | null;
  dirty: boolean;
  running: boolean;
}

export class LiveHub {
  readonly #ports: RealtimePorts;
  readonly #queries: Map<string, LiveQuery>;
  readonly #byTopic = new Map<Topic, Set<Subscription>>();
  readonly #bySocket = new Map<string, Map<string, Subscription>>();
  readonly #dirty = new Set<Subscription>();
  #cancelFlush: (() => void) | null = null;

  constructor(ports: RealtimePorts) {
    this.#ports = ports;
    this.#queries = new Map(ports.liveQueries.map((query) => [query.name, query]));
  }

  get size(): number {
    return [...this.#bySocket.values()].reduce((sum, subscriptions) => sum + subscriptions.size, 0);
  }

  /** Throws what the query throws; then nothing is subscribed. An id in use is replaced. */
  async subscribe(
    socket: GatewaySocket,
    input: ClientEventParsed<"live:subscribe">,
  ): Promise<ClientEventAck<"live:subscribe">> {
    const query = this.#queries.get(input.query);
    if (query === undefined) throw new AppError("NOT_FOUND", `There is no live query of this name.`);
    const id = input.id ?? this.#ports.newId();
    this.unsubscribe(socket, id);
    if ((this.#bySocket.get(socket.id)?.size ?? 0) >= limits.liveQueriesPerSocket) {
      throw new AppError(
        "RATE_LIMITED",
        `A connection may have ${limits.liveQueriesPerSocket} live queries.`,
      );
    }
    const { actor } = socket.data;
    const subscription: Subscription = {
      id,
      socket,
      query,
      args: input.args,
      topics: query.topics(actor, input.args),
      key: `${actor.sessionId} ${actor.userId} ${query.name} ${JSON.stringify(input.args)}`,
      cursor: null,
      dirty: false,
      running: true,
    };
    // Known before it runs, so that a change in between makes it run again.
    this.#add(subscription);
    try {
      const snapshot = await this.#run(subscription);
      subscription.cursor = cursorOf(snapshot);
      const known = input.cursor === subscription.cursor;
      return { id, snapshot: known ? null : snapshot, cursor: subscription.cursor };
    } catch (error) {
      this.#remove(subscription);
      throw error;
    } finally {
      subscription.running = false;
      if (subscription.dirty) this.#markDirty(subscription);
    }
  }

  unsubscribe(socket: GatewaySocket, id: string): void {
    const subscription = this.#bySocket.get(socket.id)?.get(id);
    if (subscription !== undefined) this.#remove(subscription);
  }

  leaveAll(socket: GatewaySocket): void {
    for (const subscription of [...(this.#bySocket.get(socket.id)?.values() ?? [])])
      this.#remove(subscription);
  }

  invalidate(topic: Topic): void {
    for (const subscription of this.#byTopic.get(topic) ?? []) this.#markDirty(subscription);
  }

  /** The person's place in the meeting changed: whatever they watch of it is asked for again. */
  recheckAccess(meetingId: MeetingId, userId: UserId): void {
    for (const subscriptions of this.#bySocket.values()) {
      for (const subscription of subscriptions.values()) {
        if (subscription.socket.data.actor.userId !== userId) continue;
        if (meetingOf(subscription) === meetingId) this.#markDirty(subscription);
      }
    }
  }

  stop(): void {
    this.#cancelFlush?.();
    this.#dirty.clear();
  }

  #add(subscription: Subscription): void {
    const { socket, id, topics } = subscription;
    const ofSocket = this.#bySocket.get(socket.id) ?? new Map<string, Subscription>();
    this.#bySocket.set(socket.id, ofSocket.set(id, subscription));
    for (const topic of topics) {
      this.#byTopic.set(topic, (this.#byTopic.get(topic) ?? new Set()).add(subscription));
    }
  }

  #remove(subscription: Subscription): void {
    const { socket, id, topics } = subscription;
    const ofSocket = this.#bySocket.get(socket.id);
    if (ofSocket?.get(id) === subscription) ofSocket.delete(id);
    if (ofSocket?.size === 0) this.#bySocket.delete(socket.id);
    for (const topic of topics) {
      const ofTopic = this.#byTopic.get(topic);
      ofTopic?.delete(subscription);
      if (ofTopic?.size === 0) this.#byTopic.delete(topic);
    }
    this.#dirty.delete(subscription);
  }

  #isCurrent(subscription: Subscription): boolean {
    return this.#bySocket.get(subscription.socket.id)?.get(subscription.id) === subscription;
  }

  #markDirty(subscription: Subscription): void {
    subscription.dirty = true;
    if (subscription.running || !this.#isCurrent(subscription)) return;
    this.#dirty.add(subscription);
    this.#cancelFlush ??= this.#ports.schedule(bounds.liveWindowMs, () => {
      this.#cancelFlush = null;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const groups = new Map<string, Subscription[]>();
    for (const subscription of this.#dirty) {
      subscription.dirty = false;
      subscription.running = true;
      groups.set(subscription.key, [...(groups.get(subscription.key) ?? []), subscription]);
    }
    this.#dirty.clear();
    const waiting = [...groups.values()];
    const worker = async () => {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        await this.#refresh(group);
      }
    };
    await Promise.all(Array.from({ length: bounds.liveConcurrency }, worker));
  }

  async #refresh(group: Subscription[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    try {
      const snapshot = await this.#run(first);
      const cursor = cursorOf(snapshot);
      for (const subscription of group) {
        if (!this.#isCurrent(subscription) || subscription.cursor === cursor) continue;
        subscription.cursor = cursor;
        this.#ports.count(metricNames.livePushes, 1);
        tell(subscription.socket, "live:update", { id: subscription.id, snapshot, cursor });
      }
    } catch (thrown) {
      const error = toClientError(thrown);
      for (const subscription of group) this.#failed(subscription, error);
    } finally {
      for (const subscription of group) {
        subscription.running = false;
        if (subscription.dirty) this.#markDirty(subscription);
      }
    }
  }

  #failed(subscription: Subscription, error: AppError): void {
    if (!this.#isCurrent(subscription)) return;
    if (error.retryable || error.kind === "internal") {
      if (error.kind === "internal") {
        this.#ports.log("error", "live query failed", {
          query: subscription.query.name,
          error: error.cause instanceof Error ? error.cause : error,
        });
      }
      // What it showed last stays on the page until the store answers again.
      this.#ports.schedule(bounds.liveRetryMs, () => this.#markDirty(subscription));
      return;
    }
    this.#remove(subscription);
    this.#ports.count(metricNames.accessRevoked, 1);
    const { socket, id } = subscription;
    const { code, message } = error;
    tell(socket, "live:update", { id, snapshot: null, cursor: null, error: { code, message } });
    const meetingId = meetingOf(subscription);
    if (error.kind === "not-found" && meetingId !== null) {
      tell(socket, "access:revoked", { meetingId, reason: message });
    }
  }

  #run({ query, socket, args }: Subscription): Promise<unknown> {
    this.#ports.count(metricNames.liveRuns, 1);
    return query.run(socket.data.actor, args);
  }
}

function meetingOf({ args }: Subscription): MeetingId | null {
  return meetingIdSchema.safeParse(args["meetingId"]).data ?? null;
}

/** Equal for equal snapshots, so that a client which comes back with it is not sent what it has. */
function cursorOf(snapshot: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(snapshot) ?? "")
    .digest("base64url");
}
