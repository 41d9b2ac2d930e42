import { describe, expect, test } from "vitest";
import { parsePreferences } from "./call-preferences.ts";

describe("remembered choices for calls", () => {
  test("without any, devices are on and nobody is transcribed unasked", () => {
    expect(parsePreferences(null)).toMatchObject({ microphoneOn: true, cameraOn: true });
  });

  test("what does not fit takes its default, what fits is kept", () => {
    expect(parsePreferences("{")).toEqual(parsePreferences(null));
    expect(parsePreferences("[1]")).toEqual(parsePreferences(null));
    expect(parsePreferences('{"cameraOn":false,"microphoneId":7}')).toMatchObject({
      cameraOn: false,
      microphoneId: null,
    });
  });
});
