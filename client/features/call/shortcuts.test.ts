import { describe, expect, test } from "vitest";
import { isTypingPlace, type KeyContext, type KeyPress, shortcutFor } from "./shortcuts.ts";

const calm: KeyContext = { typing: false, singleKeys: true, talking: false };
function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return {
    type: "keydown",
    code: "",
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    ...change,
  };
}
const control = (key: string, shiftKey = false) => press(key, { ctrlKey: true, shiftKey });

describe("shortcuts of a call", () => {
  test.each([
    [control("d"), "microphone"],
    [control("e"), "camera"],
    [control("H", true), "hand"],
    [control("C", true), "chat"],
    [press("F2"), "toolbar"],
    [control("/"), "help"],
    [control("/", true), "help"],
    [press("v"), "talk-start"],
  ])("%o means %s", (key, action) => {
    expect(shortcutFor(key, calm)).toBe(action);
  });

  test("copying, browser keys and plain letters are left alone", () => {
    for (const key of [control("c"), control("v"), press("d"), press("e"), press("F5"), control("D", true)]) {
      expect(shortcutFor(key, calm)).toBeNull();
    }
    expect(shortcutFor(press("d", { ctrlKey: true, altKey: true }), calm)).toBeNull();
  });

  test("a single letter acts neither while somebody writes nor after it was switched off", () => {
    expect(shortcutFor(press("v"), { ...calm, typing: true })).toBeNull();
    expect(shortcutFor(press("v"), { ...calm, singleKeys: false })).toBeNull();
    expect(shortcutFor(control("d"), { ...calm, typing: true, singleKeys: false })).toBe("microphone");
  });

  test("talking stops when the key is let go, even when focus has moved into a field", () => {
    const up = press("v", { type: "keyup" });
    expect(shortcutFor(up, { ...calm, typing: true, talking: true })).toBe("talk-stop");
    expect(shortcutFor(up, calm)).toBeNull();
  });

  test("a held key acts once", () => {
    expect(shortcutFor(press("d", { ctrlKey: true, repeat: true }), calm)).toBeNull();
    expect(shortcutFor(press("v", { repeat: true }), calm)).toBeNull();
  });

  test("letters are written in text fields and editors, not in boxes and buttons", () => {
    const place = (tagName: string, type?: string) =>
      isTypingPlace({ tagName, type, isContentEditable: false });
    expect([place("INPUT", "text"), place("TEXTAREA"), place("SELECT")]).toEqual([true, true, true]);
    expect([place("INPUT", "checkbox"), place("BUTTON"), place("BODY")]).toEqual([false, false, false]);
    expect(isTypingPlace({ tagName: "DIV", isContentEditable: true })).toBe(true);
  });
});
