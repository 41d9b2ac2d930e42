// `npm test`: every test this machine can run. Programs that some tests need are looked for; what is missing is said.
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { installStreamPackages, missingStreamPackages } from "./video-packages.mjs";

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `The tests run on Node 24, which \`npm install\` fetches as the package "node", but this is ${process.version}.`,
  );
  process.exit(1);
}

const continuousIntegration = process.env.CI === "true";
const needs = [
  {
    name: "Chromium",
    variable: "CONNVO_CHROMIUM",
    programs: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    places: [
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ],
    debianPackage: "chromium",
    tests: "tests in a real browser",
  },
  {
    name: "Redis",
    variable: "CONNVO_REDIS",
    programs: ["redis-server"],
    places: [],
    debianPackage: "redis-server",
    tests: "tests between processes",
  },
  {
    name: "fiu-run",
    variable: "CONNVO_FIU",
    programs: ["fiu-run"],
    places: [],
    debianPackage: "fiu-utils",
    tests: "tests on a failing disk",
  },
  {
    name: "pdftotext",
    variable: "CONNVO_PDFTOTEXT",
    programs: ["pdftotext"],
    places: [],
    debianPackage: "poppler-utils",
    tests: "tests of what pdftotext reads in a résumé",
  },
  {
    name: "pdfLaTeX",
    variable: "CONNVO_PDFLATEX",
    programs: ["pdflatex"],
    places: [],
    // Several hundred megabytes: tested where it is there.
    debianPackage: null,
    tests: "tests of LaTeX itself",
  },
];

for (const need of needs) {
  let program = process.env[need.variable] || find(need);
  if (!program && continuousIntegration && need.debianPackage !== null) {
    install(need);
    program = find(need);
    if (!program) fail(`${need.name} is missing and could not be installed: CI runs every test or fails.`);
  }
  if (program) process.env[need.variable] = program;
  else
    console.log(
      `${need.name} was not found: the ${need.tests} are skipped (set ${need.variable} to its path).`,
    );
}

// Packages that are not installed by default, as their licence asks for more than ours.
if (missingStreamPackages().length > 0) {
  if (continuousIntegration && !installStreamPackages())
    fail("Stream's packages are missing and could not be installed: CI runs every test or fails.");
  else if (!continuousIntegration)
    console.log(
      "Stream's packages were not found: the tests of video by Stream are skipped (docs/video.md).",
    );
}

// The browser tests use the built pages, exactly as `npm start` serves them.
const built = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
if (built.status !== 0) fail("The pages could not be built.");

// Hundreds of servers are started, of the same files.
process.env.NODE_COMPILE_CACHE ??= join(process.cwd(), "node_modules", ".cache", "compiled");

const report = join(mkdtempSync(join(tmpdir(), "connvo-test-")), "report.json");
const vitest = spawnSync(
  process.execPath,
  [
    join("node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ["ignore", "inherit", "inherit"] },
);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
  readFileSync(report, "utf8"),
);
console.log(
  `\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`,
);
if (numPassedTests === 0) fail("No test ran.");
process.exit(vitest.status ?? 1);

function find({ programs, places }) {
  const candidates = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((directory) =>
      programs.flatMap((name) => [join(directory, name), join(directory, `${name}.exe`)]),
    );
  return [...candidates, ...places].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install({ name, debianPackage }) {
  console.log(`${name} is missing: installing Debian's package ${debianPackage}.`);
  const run = (...command) =>
    spawnSync(command[0], command.slice(1), {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  run("apt-get", "update", "-qq");
  run("apt-get", "install", "-y", "-qq", "--no-install-recommends", debianPackage);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
