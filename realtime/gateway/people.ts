// What the gateway knows of each person over all their sockets: how many there are, and how much they send.
import type { UserId } from "../../shared/ids.ts";
import { AppError } from "../../shared/errors.ts";
import { limits } from "../../shared/limits.ts";
import { bounds } from "../bounds.ts";
import type { Origin, RealtimePorts } from "../ports.ts";
import { TokenBucket } from "./rate.ts";

export interface Person {
  /** Of the socket that came first. */
  origin: Origin;
  sockets: number;
  bucket: TokenBucket;
  /** Events that the limits over all processes have not been told of. */
  untold: number;
  /** Told that it was too much: refused until then. */
  blockedUntilMs: number;
}

export class People {
  readonly #ports: Pick<RealtimePorts, "limits" | "now" | "log">;
  readonly #people = new Map<UserId, Person>();

  constructor(ports: Pick<RealtimePorts, "limits" | "now" | "log">) {
    this.#ports = ports;
  }

  socketsOf(userId: UserId): number {
    return this.#people.get(userId)?.sockets ?? 0;
  }

  enter(origin: Origin): Person {
    const { userId } = origin.actor;
    const perSecond = limits.socketEventsPerPersonPerSecond;
    const nowMs = this.#ports.now().getTime();
    const person = this.#people.get(userId) ?? {
      origin,
      sockets: 0,
      bucket: new TokenBucket({ perSecond, burst: perSecond * 2, nowMs }),
      untold: 0,
      blockedUntilMs: -Infinity,
    };
    person.sockets += 1;
    this.#people.set(userId, person);
    return person;
  }

  leave(userId: UserId): void {
    const person = this.#people.get(userId);
    if (person === undefined) return;
    person.sockets -= 1;
    if (person.sockets > 0) return;
    // Whoever goes and comes back is still known by the limits over all processes.
    if (person.untold > 0) void this.#tell(person);
    this.#people.delete(userId);
  }

  /** Counts one event; throws RATE_LIMITED. */
  take(person: Person): void {
    const nowMs = this.#ports.now().getTime();
    person.untold += 1;
    if (nowMs < person.blockedUntilMs) {
      const retryAfterSeconds = Math.ceil((person.blockedUntilMs - nowMs) / 1000);
      throw new AppError(
        "RATE_LIMITED",
        `That was too often. Please try again in ${retryAfterSeconds} seconds.`,
        {
          retryAfterSeconds,
        },
      );
    }
    if (!person.bucket.take(nowMs)) {
      throw new AppError("RATE_LIMITED", "Too many events a second from all your windows.", {
        retryAfterSeconds: 1,
      });
    }
  }

  sweep(): void {
    for (const person of this.#people.values()) {
      if (person.untold >= bounds.eventsToldAtOnce) void this.#tell(person);
    }
  }

  async #tell(person: Person): Promise<void> {
    const events = person.untold;
    person.untold = 0;
    try {
      const seconds = await this.#ports.limits.sent(person.origin, events);
      if (seconds !== null) person.blockedUntilMs = this.#ports.now().getTime() + seconds * 1000;
    } catch (error) {
      this.#ports.log("warn", "what a person sends could not be counted", { error: error as Error });
    }
  }
}
