// Something like a voice as a file, for microphones that play one: loud enough to begin a piece, with a pause behind it.

const sampleRate = 16_000;

/** 16-bit mono WAV: a pitch with its overtones, in syllables, so that noise suppression takes it for speech. */
export function voiceAsWav({ voiceMs, pauseMs }: { voiceMs: number; pauseMs: number }): Buffer {
  const voiced = Math.round((voiceMs / 1_000) * sampleRate);
  const samples = voiced + Math.round((pauseMs / 1_000) * sampleRate);
  const data = Buffer.alloc(samples * 2);
  let phase = 0;
  for (let index = 0; index < voiced; index += 1) {
    const seconds = index / sampleRate;
    // A pitch that rises and falls, in syllables of a fifth of a second.
    phase += (2 * Math.PI * (140 + 30 * Math.sin(2 * Math.PI * 1.3 * seconds))) / sampleRate;
    const syllable = 0.35 + 0.65 * Math.abs(Math.sin(2 * Math.PI * 2.5 * seconds));
    let sample = 0;
    for (let overtone = 1; overtone <= 20; overtone += 1) sample += Math.sin(overtone * phase) / overtone;
    data.writeInt16LE(Math.round(sample * syllable * 9_000), index * 2);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
