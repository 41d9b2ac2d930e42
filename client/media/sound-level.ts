// How loud a track is, and whether somebody speaks: measured here, heard by nobody.

/** Root mean square of samples from −1 to 1, on a scale from 0 (−60 dB and less) to 1 (full). */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms <= 0.001) return 0;
  return Math.min(1, 1 + (20 * Math.log10(rms)) / 60);
}

const speaksAbove = 0.35;
const silentAfterMeasures = 6;

/** Rises at once, falls after a moment: a pause between words is not the end of speaking. */
export class SpeakingDetector {
  #quiet = silentAfterMeasures;

  next(level: number): boolean {
    this.#quiet = level >= speaksAbove ? 0 : this.#quiet + 1;
    return this.#quiet < silentAfterMeasures;
  }
}

const measureEveryMs = 100;
let context: AudioContext | null = null;

/** Measures ten times a second until the returned function is called. Does nothing where there is no Web Audio. */
export function watchLevel(track: MediaStreamTrack, listener: (level: number) => void): () => void {
  const audio = sharedContext();
  if (audio === null) return () => {};
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1_024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Before the first gesture on a page browsers keep sound suspended; this measures as soon as they allow it.
    if (audio.state === "suspended") void audio.resume();
    analyser.getFloatTimeDomainData(samples);
    listener(track.enabled ? levelOf(samples) : 0);
  }, measureEveryMs);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

function sharedContext(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  context ??= new AudioContext();
  return context;
}
