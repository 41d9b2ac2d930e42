// Which source writes, by what is there and what was chosen.
import { expect, test } from "vitest";
import { captionsSource } from "./source.ts";

const speech = { name: "whisper-1", allowed: true };

test("[CAPTIONS-22] without a choice the browser listens where it can, and no service ever", () => {
  expect(captionsSource({ chosen: null, browser: true, speech })).toBe("browser");
  expect(captionsSource({ chosen: null, browser: false, speech })).toBe("typed");
});

test("[CAPTIONS-22] the service is chosen, and then the browser does not listen as well", () => {
  expect(captionsSource({ chosen: "server", browser: true, speech })).toBe("server");
  expect(captionsSource({ chosen: "browser", browser: true, speech })).toBe("browser");
  expect(captionsSource({ chosen: "typed", browser: true, speech })).toBe("typed");
});

test("[CAPTIONS-22] where the chosen service is not to be had, nothing listens in its place", () => {
  for (const none of [null, { ...speech, allowed: false }])
    expect(captionsSource({ chosen: "server", browser: true, speech: none })).toBe("typed");
  expect(captionsSource({ chosen: "browser", browser: false, speech })).toBe("typed");
});
