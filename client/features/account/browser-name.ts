// What a browser calls itself, said so that a person recognises it.

const browsers: readonly [name: string, mark: RegExp][] = [
  ["Edge", /Edg(e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Firefox", /(Firefox|FxiOS)\//],
  ["Chrome", /(Chrome|CriOS|Chromium)\//],
  ["Safari", /Version\/[^ ]+.*Safari\//],
];
const systems: readonly [name: string, mark: RegExp][] = [
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X|Macintosh/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux/],
];

/** Null where it names nothing that is known. */
export function browserName(userAgent: string | null): { browser: string; system: string } | null {
  const find = (names: typeof browsers) => names.find(([, mark]) => mark.test(userAgent ?? ""))?.[0];
  const browser = find(browsers);
  return browser === undefined ? null : { browser, system: find(systems) ?? "" };
}
