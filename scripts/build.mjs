// `npm run build`: makes the pages where they are missing or stale; the stamp is a hash of all their sources.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { missingStreamPackages } from "./video-packages.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stampFile = join(root, "client", "dist", ".sources");

buildPages();

export function buildPages() {
  // With or without the packages of the video service: they are built in where they are there.
  const sources = hashOf(["client", "shared", "package-lock.json"]) + missingStreamPackages().join();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === sources) return;
  console.error("Building the pages (only after a change) …");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const built = spawnSync(
    process.execPath,
    [vite, "build", "--config", "client/vite.config.ts", "--logLevel", "warn"],
    // Standard output belongs to the ready line.
    { cwd: root, stdio: ["ignore", 2, 2] },
  );
  if (built.status !== 0) {
    console.error("The pages could not be built: see the messages above.");
    process.exit(1);
  }
  writeFileSync(stampFile, sources);
}

function hashOf(places) {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => filesUnder(join(root, place))).sort()) {
    hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
    ["dist", "node_modules"].includes(entry.name) ? [] : filesUnder(join(place, entry.name)),
  );
}
