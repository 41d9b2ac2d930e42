// How the servers that are compared speak: all of them y-websocket's messages, each in its own envelope.
import * as encoding from "lib0/encoding";

export type ServerKind = "connvo" | "@y/websocket-server" | "@hocuspocus/server" | "relay" | "storing relay";

export interface Dialect {
  address(url: string, room: string, token: string): URL;
  /** Bytes before each message, in both directions. */
  prefix(room: string): Uint8Array;
  /** Messages before the first sync step. */
  greeting(room: string): Uint8Array[];
  /** Whether it keeps a document and answers sync steps. */
  keepsDocuments: boolean;
}

const none = new Uint8Array();
const plainWebsocket: Dialect = {
  address: (url, room) => new URL(`/${room}`, url),
  prefix: () => none,
  greeting: () => [],
  keepsDocuments: true,
};
const hocuspocusAuth = 2;

export const dialects: Record<ServerKind, Dialect> = {
  connvo: {
    ...plainWebsocket,
    address(url, room, token) {
      const address = new URL(`/notes/${room}`, url);
      address.searchParams.set("token", token);
      return address;
    },
  },
  "@y/websocket-server": plainWebsocket,
  // Many documents share a connection there: each message names its document, and each document is asked for.
  "@hocuspocus/server": {
    address: (url) => new URL("/", url),
    prefix: namePrefix,
    greeting: (room) => [
      encoding.encode((encoder) => {
        encoding.writeUint8Array(encoder, namePrefix(room));
        encoding.writeVarUint(encoder, hocuspocusAuth);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, "token");
      }),
    ],
    keepsDocuments: true,
  },
  relay: { ...plainWebsocket, keepsDocuments: false },
  "storing relay": { ...plainWebsocket, keepsDocuments: false },
};

function namePrefix(room: string): Uint8Array {
  return encoding.encode((encoder) => encoding.writeVarString(encoder, room));
}
