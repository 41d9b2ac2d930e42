// Each command of package.json says how it is used where it is asked, and where it is given what it does not know.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { runScript } from "../factories/commands.ts";

const { scripts } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
  scripts: Record<string, string>;
};
/** Without arguments at all. */
const plain = new Set(["policies", "audit-dependencies"]);
const commands = Object.values(scripts).flatMap((command) => {
  const name = /^node scripts\/(.+)\.ts$/.exec(command)?.[1];
  return name === undefined || plain.has(name) ? [] : [basename(name)];
});

test("the commands are found", () => {
  expect(commands).toEqual(expect.arrayContaining(["backup", "restore", "move", "demo", "bench", "chaos"]));
});

test.each(commands)(
  "%s answers --help with its usage, and a mistake with a sentence and its usage",
  async (name) => {
    const [asked, mistaken] = await Promise.all([
      runScript(name, ["--help"], {}),
      runScript(name, ["--no-such-option"], {}),
    ]);
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(asked.stdout).toMatch(new RegExp(`^Usage:\\s+npm run (?:-s )?${name.replace("-", "[-:]")} ?`));
    expect(mistaken).toMatchObject({ code: 1, stdout: "" });
    expect(mistaken.stderr).toMatch(/^(?:Unknown option '--no-such-option'\.\n)?Usage:/);
    expect(mistaken.stderr).not.toContain("    at ");
  },
  120_000,
);
