// One person of a replayed call: a signed-in socket that speaks, chats and hears.
import { io, type Socket } from "socket.io-client";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type {
  ClientEventAck,
  ClientEventInput,
  ClientEventName,
  ServerEventName,
  ServerEventPayload,
} from "../../shared/protocol/socket-events.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";

const ackWithinMs = 30_000;

export interface DemoPerson {
  speaker: string;
  email: string;
  token: string;
  userId: UserId;
}

export class CallSocket {
  readonly person: DemoPerson;
  readonly heard: TranscriptChunk[] = [];
  readonly #socket: Socket;

  private constructor(person: DemoPerson, url: string) {
    this.person = person;
    this.#socket = io(url, { auth: { token: person.token }, transports: ["websocket"], forceNew: true });
    this.on("transcript:chunks", ({ chunks }) => this.heard.push(...chunks));
  }

  /** Connects and joins; throws where either is refused. */
  static async join(person: DemoPerson, url: string, meetingId: MeetingId): Promise<CallSocket> {
    const call = new CallSocket(person, url);
    await new Promise<void>((resolve, reject) => {
      call.#socket.once("connect", resolve);
      call.#socket.once("connect_error", (error) =>
        reject(new Error(`${person.speaker} could not connect: ${error.message}`)),
      );
    });
    await call.send("meeting:join", { meetingId });
    return call;
  }

  on<Name extends ServerEventName>(name: Name, run: (event: ServerEventPayload<Name>) => void): void {
    this.#socket.on(name as string, run);
  }

  /** The acknowledgement; throws where the server refused. */
  async send<Name extends ClientEventName>(
    name: Name,
    input: ClientEventInput<Name>,
  ): Promise<ClientEventAck<Name>> {
    const answer: unknown = await this.#socket.timeout(ackWithinMs).emitWithAck(name, input);
    if (typeof answer === "object" && answer !== null && "error" in answer) {
      const { code, message } = answer.error as { code: string; message: string };
      throw new Error(`${name} of ${this.person.speaker} was refused. ${code}: ${message}`);
    }
    return answer as ClientEventAck<Name>;
  }

  close(): void {
    this.#socket.disconnect();
  }
}

export function userIdOf(meeting: Meeting, email: string): UserId {
  const place = meeting.participants.find((participant) => participant.email === email);
  if (place === undefined) throw new Error(`${email} has no place in the meeting.`);
  return place.userId;
}
