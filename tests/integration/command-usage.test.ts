// Each command of package.json says how it is used where it is asked, and where it is given what it does not know.
import { readFile } from "node:fs/promises";
import { parse } from "node:path";
import { expect, test } from "vitest";
import { runScript } from "../factories/commands.ts";

const { scripts } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
  scripts: Record<string, string>;
};
/** Without arguments at all. */
const plain = new Set(["policies.ts", "audit-dependencies.ts", "build.mjs", "video-install.mjs"]);
/** What follows is the test runner's. */
const passesOn = new Set(["test.mjs"]);
const commands = Object.values(scripts).flatMap((command) => {
  const file = /^node (?:-\S+ )*scripts\/(\S+)$/.exec(command)?.[1];
  return file === undefined || plain.has(file) || passesOn.has(file) ? [] : [file];
});

test("the commands are found", () => {
  expect(commands).toEqual(
    expect.arrayContaining(["start.mjs", "backup.ts", "demo.ts", "bench.ts", "chaos.ts"]),
  );
});

test.each(commands)(
  "%s answers --help with its usage, and a mistake with a sentence and its usage",
  async (file) => {
    const [asked, mistaken] = await Promise.all([
      runScript(file, ["--help"], {}),
      runScript(file, ["--no-such-option"], {}),
    ]);
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(asked.stdout).toMatch(
      new RegExp(`^Usage:\\s+npm (?:run )?(?:-s )?${parse(file).name.replace("-", "[-:]")}\\b`),
    );
    expect(mistaken).toMatchObject({ code: 1, stdout: "" });
    expect(mistaken.stderr).toMatch(/^(?:Unknown option '--no-such-option'\.\n)?Usage:/);
    expect(mistaken.stderr).not.toContain("    at ");
  },
  120_000,
);
