// A notes WebSocket: what ws has to tell of it goes to one listener, as there are many of them and each has only one.
import { WebSocket, type RawData } from "ws";
import { notesCloseCode } from "../../shared/protocol/notes-sync.ts";

export interface NotesSocketListener {
  received(data: RawData, isBinary: boolean): void;
  answered(): void;
  closed(): void;
}

export class NotesSocket extends WebSocket {
  /** Without one, whatever comes is let fall. */
  listener: NotesSocketListener | null = null;

  /** ws closes on a frame beyond its bound by itself, with a code after which stock clients would send the same again. */
  override close(code?: number, data?: string | Buffer): void {
    super.close(code === 1009 ? notesCloseCode.tooBig : code, data);
  }

  // A table of listeners and a closure for each of them would take a tenth of all that a connection does.
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "message") this.listener?.received(args[0] as RawData, args[1] as boolean);
    else if (event === "pong") this.listener?.answered();
    else if (event === "close") this.listener?.closed();
    return true;
  }
}
