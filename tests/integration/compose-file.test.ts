// The compose file as far as it can be checked without an engine: it parses, and the app accepts what it is handed.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../server/platform/config.ts";

const root = join(import.meta.dirname, "..", "..");

interface ComposeFile {
  services: Record<
    string,
    {
      command?: string[];
      environment?: Record<string, string>;
      env_file?: { path: string; required: boolean }[];
      depends_on?: Record<string, unknown>;
      volumes?: string[];
    }
  >;
  volumes: Record<string, unknown>;
}

const compose = parse(await readFile(join(root, "docker-compose.yml"), "utf8"), {
  merge: true,
}) as ComposeFile;

test("[COMPOSE-1] every service that another waits for exists, and every named volume is declared", () => {
  const names = Object.keys(compose.services);
  for (const service of Object.values(compose.services)) {
    for (const needed of Object.keys(service.depends_on ?? {})) expect(names).toContain(needed);
    for (const volume of service.volumes ?? []) {
      const source = volume.split(":")[0] ?? "";
      if (!source.startsWith(".")) expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});

test("[COMPOSE-2] the app accepts the environment that the compose file hands it, for every role", () => {
  const apps = Object.entries(compose.services).filter(
    ([, service]) => service.environment?.["ROLES"] !== undefined,
  );
  const roles = new Set<string>();
  for (const [, service] of apps) {
    const environment = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([name, value]) => [name, withDefaults(value)]),
    );
    for (const role of readConfig(environment).roles) roles.add(role);
  }
  expect([...roles].sort()).toEqual(["api", "realtime", "worker"]);
});

test("[COMPOSE-3] .env.example names every variable that the configuration reads, with values it accepts", async () => {
  const example = await readExample();
  expect(() => readConfig(example)).not.toThrow();
  const platform = join(root, "server", "platform");
  const sources = (await readdir(platform)).filter((name) => /^config(-\w+)?\.ts$/.test(name));
  const source = (await Promise.all(sources.map((name) => readFile(join(platform, name), "utf8")))).join(
    "\n",
  );
  const read = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]);
  expect(read.length).toBeGreaterThan(10);
  expect(Object.keys(example).sort()).toEqual([...new Set(read)].sort());
});

test("[COMPOSE-4] every setting in .env reaches the app, and a copy of .env.example changes nothing", async () => {
  const example = await readExample();
  const apps = Object.values(compose.services).filter(({ environment }) => environment?.["ROLES"]);
  expect(apps).toHaveLength(3);
  for (const { env_file: files, environment = {} } of apps) {
    expect(files).toEqual([{ path: ".env", required: false }]);
    // What stands in the file itself is read from .env by its name.
    for (const [name, value] of Object.entries(environment)) {
      const [, read, byDefault] = /^\$\{([A-Z_]+):-([^}]*)\}$/.exec(value) ?? [];
      if (read === undefined) continue;
      expect(read).toBe(name);
      expect(["", byDefault]).toContain(example[name]);
    }
  }
});

test.runIf(process.platform === "linux")(
  "[COMPOSE-5] `up` on a running project takes no package away, unless others are wanted",
  async () => {
    const scratch = await mkdtemp(join(tmpdir(), "connvo-compose-"));
    onTestFinished(() => rm(scratch, { recursive: true, force: true }));
    const [source, app, bin] = [join(scratch, "source"), join(scratch, "app"), join(scratch, "bin")];
    for (const directory of [join(source, "node_modules"), join(source, "data"), app, bin])
      await mkdir(directory, { recursive: true });
    await writeFile(join(source, "package-lock.json"), "first");
    await writeFile(join(source, ".npmrc"), "");
    await writeFile(join(source, "node_modules", "foreign"), "");
    await writeFile(join(source, "data", "store"), "");
    await writeFile(
      join(bin, "npm"),
      `#!/bin/sh
echo "npm $1"
test "$1" != ci || { rm -rf node_modules && mkdir node_modules && test ! -e broken && touch node_modules/zod; }
`,
      { mode: 0o755 },
    );
    const [, , script = ""] = compose.services["install"]?.command ?? [];
    const placed = script.replaceAll("/source", source).replaceAll("/app", app);
    const up = () => {
      const env = { PATH: `${bin}:${process.env["PATH"]}` };
      const { stdout, status } = spawnSync("sh", ["-ec", placed], { cwd: app, encoding: "utf8", env });
      return { status, did: stdout.trim().split("\n") };
    };
    const both = { status: 0, did: ["npm ci", "npm run"] };

    expect(up()).toEqual(both);
    expect((await readdir(app)).sort()).toEqual([".npmrc", "node_modules", "package-lock.json"]);
    await writeFile(join(app, "node_modules", "loaded-later"), "");
    await writeFile(join(source, "changed.ts"), "");
    expect(up()).toEqual({ status: 0, did: ["npm run"] });
    expect((await readdir(join(app, "node_modules"))).sort()).toEqual([
      ".installed.json",
      "loaded-later",
      "zod",
    ]);
    expect(await readdir(app)).toContain("changed.ts");

    await writeFile(join(source, "package-lock.json"), "second");
    await writeFile(join(app, "broken"), "");
    expect(up()).toEqual({ status: 1, did: ["npm ci"] });
    await rm(join(app, "broken"));
    // What was broken off is done again, though the lock file is there already.
    expect(up()).toEqual(both);
  },
);

async function readExample(): Promise<Record<string, string>> {
  return Object.fromEntries(
    (await readFile(join(root, ".env.example"), "utf8"))
      .split("\n")
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

// `${NAME:-default}` as compose resolves it where NAME is not set.
function withDefaults(value: string): string {
  return value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1");
}
