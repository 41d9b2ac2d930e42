// Video without a vendor: browsers connect to each other over our own signalling.
import { limits } from "../../../shared/limits.ts";
import type { CallAccess } from "../../../shared/schemas/video.ts";
import type { VideoProvider } from "./index.ts";

export interface PeerToPeerOptions {
  /**
   * `stun:host:port`, `turn:user:password@host:port` or `turns:…`, user and password percent-encoded.
   * None means that only people on the same network reach each other.
   */
  iceServers: string[];
}

type IceServer = Extract<CallAccess, { provider: "peer-to-peer" }>["iceServers"][number];

/** Throws where a TURN address lacks its user and password: browsers refuse the whole call then. */
export function createPeerToPeerVideo({ iceServers }: PeerToPeerOptions): VideoProvider {
  const servers = iceServers.map(parseIceServer);
  return {
    mode: "peer-to-peer",
    maxPeers: limits.callMaxPeers,
    rooms: null,
    async access() {
      return {
        provider: "peer-to-peer",
        maxPeers: limits.callMaxPeers,
        iceServers: servers,
      };
    },
  };
}

function parseIceServer(address: string): IceServer {
  const [, scheme = "", user, password, place = ""] =
    /^(stun|turns?):(?:([^:@]+):([^@]+)@)?(.+)$/.exec(address) ?? [];
  if (scheme === "stun" && user === undefined) return { urls: [address] };
  if (scheme === "" || scheme === "stun" || user === undefined || password === undefined) {
    throw new Error(
      "ICE_SERVERS: write stun:host:port or turn:user:password@host:port, as browsers refuse TURN without both.",
    );
  }
  return {
    urls: [`${scheme}:${place}`],
    username: decodeURIComponent(user),
    credential: decodeURIComponent(password),
  };
}
