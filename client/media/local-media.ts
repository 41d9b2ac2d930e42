// One's own microphone, camera and screen: asked for when switched on, let go when switched off, never more than one of each.
import { mediaProblem, type MediaProblem } from "./media-problems.ts";

export type DeviceState =
  { kind: "off" } | { kind: "starting" } | { kind: "on" } | { kind: "failed"; problem: MediaProblem };

export interface DeviceChoice {
  id: string;
  label: string;
}

export interface LocalMediaState {
  microphone: DeviceState;
  camera: DeviceState;
  screen: DeviceState;
  /** Held while muted, too: `enabled` is false then and silence is sent. */
  audioTrack: MediaStreamTrack | null;
  videoTrack: MediaStreamTrack | null;
  screenTrack: MediaStreamTrack | null;
  microphones: readonly DeviceChoice[];
  cameras: readonly DeviceChoice[];
  /** Empty where the browser does not let a page choose. */
  speakers: readonly DeviceChoice[];
}

export interface DeviceIds {
  microphoneId: string | null;
  cameraId: string | null;
}

const off = { kind: "off" } as const;

export class LocalMedia {
  #state: LocalMediaState = {
    microphone: off,
    camera: off,
    screen: off,
    audioTrack: null,
    videoTrack: null,
    screenTrack: null,
    microphones: [],
    cameras: [],
    speakers: [],
  };
  #ids: DeviceIds;
  #closed = false;
  /** Requests run one after the other: two at once for one device fail in some browsers. */
  #queue: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();
  readonly #refresh = () => void this.refreshDevices();

  constructor(ids: DeviceIds) {
    this.#ids = { ...ids };
    navigator.mediaDevices?.addEventListener("devicechange", this.#refresh);
  }

  readonly getState = (): LocalMediaState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Both in one request, so that a browser asks the person once; each alone where that fails. */
  start(wanted: { microphone: boolean; camera: boolean }): Promise<void> {
    return this.#inTurn(async () => {
      if (wanted.microphone && wanted.camera && navigator.mediaDevices !== undefined) {
        this.#set({ microphone: { kind: "starting" }, camera: { kind: "starting" } });
        try {
          const stream = await navigator.mediaDevices.getUserMedia({
            audio: audioConstraints(this.#ids.microphoneId),
            video: videoConstraints(this.#ids.cameraId),
          });
          this.#takeAudio(stream.getAudioTracks()[0] ?? null);
          this.#takeVideo(stream.getVideoTracks()[0] ?? null);
          await this.refreshDevices();
          return;
        } catch {
          // One of the two is missing or refused: asked for one by one, each says why.
        }
      }
      if (wanted.microphone) await this.#openMicrophone();
      if (wanted.camera) await this.#openCamera();
      await this.refreshDevices();
    });
  }

  setMicrophone(on: boolean): Promise<void> {
    const { audioTrack } = this.#state;
    // Muting must not wait for anything.
    if (audioTrack !== null) {
      audioTrack.enabled = on;
      this.#set({ microphone: on ? { kind: "on" } : off });
      return Promise.resolve();
    }
    if (!on) {
      this.#set({ microphone: off });
      return Promise.resolve();
    }
    return this.#inTurn(() => this.#openMicrophone());
  }

  /** Switched off, the device is let go and its light goes out. */
  setCamera(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (on) {
        if (this.#state.videoTrack === null) await this.#openCamera();
      } else {
        stop(this.#state.videoTrack);
        this.#set({ camera: off, videoTrack: null });
      }
    });
  }

  chooseMicrophone(id: string): Promise<void> {
    this.#ids.microphoneId = id;
    return this.#inTurn(async () => {
      const { audioTrack, microphone } = this.#state;
      const muted = audioTrack !== null && !audioTrack.enabled;
      if (audioTrack === null && microphone.kind === "off") return;
      stop(audioTrack);
      this.#set({ audioTrack: null });
      await this.#openMicrophone();
      if (muted) await this.setMicrophone(false);
    });
  }

  chooseCamera(id: string): Promise<void> {
    this.#ids.cameraId = id;
    return this.#inTurn(async () => {
      if (this.#state.videoTrack === null && this.#state.camera.kind === "off") return;
      stop(this.#state.videoTrack);
      this.#set({ videoTrack: null });
      await this.#openCamera();
    });
  }

  /** Opens the browser's chooser. A person who closes it changed their mind: no problem is shown. */
  async startScreen(): Promise<void> {
    if (this.#state.screenTrack !== null) return;
    if (navigator.mediaDevices?.getDisplayMedia === undefined) {
      this.#set({ screen: { kind: "failed", problem: "missing" } });
      return;
    }
    this.#set({ screen: { kind: "starting" } });
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
      const [track] = stream.getVideoTracks();
      if (track === undefined || this.#closed) return this.stopScreen(track);
      track.contentHint = "detail";
      track.addEventListener("ended", () => {
        if (this.#state.screenTrack === track) this.#set({ screen: off, screenTrack: null });
      });
      this.#set({ screen: { kind: "on" }, screenTrack: track });
    } catch (thrown) {
      const problem = mediaProblem(thrown);
      this.#set({ screen: problem === "denied" ? off : { kind: "failed", problem } });
    }
  }

  stopScreen(track: MediaStreamTrack | null | undefined = this.#state.screenTrack): void {
    stop(track ?? null);
    this.#set({ screen: off, screenTrack: null });
  }

  async refreshDevices(): Promise<void> {
    if (navigator.mediaDevices === undefined) return;
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const ofKind = (kind: MediaDeviceKind): DeviceChoice[] =>
      // Before permission is given browsers list devices without id and name.
      devices
        .filter((device) => device.kind === kind && device.deviceId !== "")
        .map((device) => ({ id: device.deviceId, label: device.label }));
    const choosesSpeakers =
      typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
    this.#set({
      microphones: ofKind("audioinput"),
      cameras: ofKind("videoinput"),
      speakers: choosesSpeakers ? ofKind("audiooutput") : [],
    });
  }

  close(): void {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener("devicechange", this.#refresh);
    const { audioTrack, videoTrack, screenTrack } = this.#state;
    for (const track of [audioTrack, videoTrack, screenTrack]) stop(track);
    this.#listeners.clear();
  }

  async #openMicrophone(): Promise<void> {
    this.#set({ microphone: { kind: "starting" } });
    const result = await open({ audio: audioConstraints(this.#ids.microphoneId) });
    if (typeof result === "string") this.#set({ microphone: { kind: "failed", problem: result } });
    else this.#takeAudio(result.getAudioTracks()[0] ?? null);
  }

  async #openCamera(): Promise<void> {
    this.#set({ camera: { kind: "starting" } });
    const result = await open({ video: videoConstraints(this.#ids.cameraId) });
    if (typeof result === "string") this.#set({ camera: { kind: "failed", problem: result } });
    else this.#takeVideo(result.getVideoTracks()[0] ?? null);
  }

  #takeAudio(track: MediaStreamTrack | null): void {
    if (this.#closed || track === null) return stop(track);
    // Switched off again while the browser was asking.
    track.enabled = this.#state.microphone.kind !== "off";
    track.addEventListener("ended", () => {
      if (this.#state.audioTrack !== track) return;
      this.#set({ audioTrack: null, microphone: { kind: "failed", problem: "missing" } });
    });
    this.#set({ audioTrack: track, microphone: track.enabled ? { kind: "on" } : off });
  }

  #takeVideo(track: MediaStreamTrack | null): void {
    if (this.#closed || track === null) return stop(track);
    track.addEventListener("ended", () => {
      if (this.#state.videoTrack !== track) return;
      this.#set({ videoTrack: null, camera: { kind: "failed", problem: "missing" } });
    });
    this.#set({ videoTrack: track, camera: { kind: "on" } });
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(() => (this.#closed ? undefined : run()));
    return this.#queue;
  }

  #set(change: Partial<LocalMediaState>): void {
    if (this.#closed) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** The stream, or why there is none. A remembered device that is gone gives way to any other. */
async function open(constraints: MediaStreamConstraints): Promise<MediaStream | MediaProblem> {
  // Browsers hide devices from pages that did not come over https or from this very machine.
  if (navigator.mediaDevices === undefined) return "insecure";
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (thrown) {
    return mediaProblem(thrown);
  }
}

// `ideal`, not `exact`: another device is better than none.
function audioConstraints(id: string | null): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(id === null ? {} : { deviceId: { ideal: id } }),
  };
}

function videoConstraints(id: string | null): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...(id === null ? {} : { deviceId: { ideal: id } }),
  };
}

function stop(track: MediaStreamTrack | null): void {
  track?.stop();
}
