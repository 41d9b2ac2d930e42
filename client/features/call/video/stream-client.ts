// Stream's client for browsers, as far as it is used: the package's own types are there only where it is installed.
export interface Watched<Value> {
  subscribe(listener: (value: Value) => void): { unsubscribe(): void };
}

export interface StreamParticipant {
  sessionId: string;
  userId: string;
  isLocalParticipant?: boolean;
  publishedTracks: readonly number[];
  audioStream?: MediaStream;
  videoStream?: MediaStream;
  screenShareStream?: MediaStream;
}

type Dimension = { width: number; height: number };

export interface StreamClientCall {
  state: {
    participants$: Watched<readonly StreamParticipant[]>;
    callingState$: Watched<string>;
    updateParticipantTracks(
      track: "videoTrack" | "screenShareTrack",
      changes: Record<string, { dimension: Dimension }>,
    ): unknown;
  };
  camera: { disable(): Promise<unknown> };
  microphone: { disable(): Promise<unknown> };
  join(options: { create: false }): Promise<unknown>;
  leave(): Promise<unknown>;
  publish(stream: MediaStream, track: number): Promise<unknown>;
  stopPublish(track: number): Promise<unknown>;
  /** Also asks anew for what is to be sent here. */
  setPreferredIncomingVideoResolution(dimension: Dimension): void;
}

export interface StreamVideoClientInstance {
  call(type: string, id: string): StreamClientCall;
  disconnectUser(): Promise<unknown>;
}

export type StreamVideoClientClass = new (options: {
  apiKey: string;
  user: { id: string };
  token: string;
  tokenProvider: () => Promise<string>;
  options: { logLevel: "error"; clientEventsReportingEnabled: false; baseURL?: string };
}) => StreamVideoClientInstance;

/** As Stream numbers them. */
export const streamTracks = { audio: 1, camera: 2, screen: 3 } as const;
