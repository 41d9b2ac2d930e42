// `npm run bench -- notes`: its options, and when it counts as failed.
import { positiveOption, textOption, type Benchmark, type Values } from "../benchmark.ts";
import { dialects, type ServerKind } from "./dialects.ts";
import { describeNotes, runNotesBenchmark, type NotesShape } from "./notes.ts";

export const notesBenchmark: Benchmark = {
  help: `[--rooms 50,500] [--rates 350,2000] [--crowd 100] [--crowd-rate 50] [--seconds 20] [--warmup 20] [--servers LIST] [--cold-megabytes 1] [--profile DIR]
  --rooms       of two people each, a list
  --rates       updates a second by all of them together, one for each of --rooms
  --crowd       people with moving cursors in one room; 0 for none
  --crowd-rate  updates a second by all of the crowd
  --servers     of ${Object.keys(dialects).join(",")}
  --profile     leaves processor profiles of our server there`,
  options: {
    rooms: { type: "string", default: "50,500" },
    rates: { type: "string", default: "350,2000" },
    crowd: { type: "string", default: "100" },
    "crowd-rate": { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
    // A server runs for days: what its code costs while it is being compiled belongs to the first half minute.
    warmup: { type: "string", default: "20" },
    servers: { type: "string", default: Object.keys(dialects).join(",") },
    "cold-megabytes": { type: "string", default: "1" },
    profile: { type: "string" },
  },
  async run(values, progress) {
    const result = await runNotesBenchmark({
      shapes: shapesOf(values),
      kinds: (textOption(values, "servers") ?? "").split(",").map((name) => {
        if (!Object.hasOwn(dialects, name)) throw new Error(`No server is named ${name}.`);
        return name as ServerKind;
      }),
      seconds: positiveOption(values, "seconds"),
      warmupSeconds: Number(values["warmup"]),
      coldLoadMegabytes: Number(values["cold-megabytes"]),
      coldLoadSamples: 9,
      profileDir: textOption(values, "profile"),
      progress,
    });
    return { text: describeNotes(result), result, failed: result.faults > 0 };
  },
};

function shapesOf(values: Values): NotesShape[] {
  const numbers = (name: string) => (textOption(values, name) ?? "").split(",").filter(Boolean).map(Number);
  const rates = numbers("rates");
  const shapes = numbers("rooms").map((rooms, index): NotesShape => {
    const updatesPerSecond = rates[index];
    if (!(rooms > 0) || updatesPerSecond === undefined || !(updatesPerSecond > 0))
      throw new Error("--rooms and --rates are lists of as many positive numbers.");
    return {
      name: `${rooms} rooms × 2, ${updatesPerSecond} updates/s`,
      rooms,
      idleRooms: rooms,
      connectionsPerRoom: 2,
      updatesPerSecond,
      presencePerSecond: 0,
    };
  });
  const crowd = Number(values["crowd"]);
  if (crowd > 1) {
    const updatesPerSecond = positiveOption(values, "crowd-rate");
    shapes.push({
      name: `1 room × ${crowd} with presence, ${updatesPerSecond} updates/s`,
      rooms: 1,
      idleRooms: 10,
      connectionsPerRoom: crowd,
      updatesPerSecond,
      presencePerSecond: 1,
    });
  }
  return shapes;
}
