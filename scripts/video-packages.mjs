// Stream's own packages: `npm install` leaves them out, as their licence is for customers of Stream alone. They are named here
// and not in package.json: as optional peers npm 11 would not install them even when asked to.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const wanted = Object.entries({
  "@stream-io/node-sdk": "0.7.64",
  "@stream-io/video-client": "1.60.0",
});

/** `name@version` of each that is not there in that version. */
export function missingStreamPackages() {
  return wanted
    .filter(([name, version]) => installedVersion(name) !== version)
    .map(([name, version]) => `${name}@${version}`);
}

/** Whether they are there afterwards. The lock file and package.json stay as they are. */
export function installStreamPackages() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  spawnSync(npm, [...args, ...wanted.map(([name, version]) => `${name}@${version}`)], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  return missingStreamPackages().length === 0;
}

function installedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return null;
  }
}
