// Listens to the keyboard before anything else on the page does, so that the editor does not take Ctrl+E.
import { useEffect, useRef } from "react";
import { isTypingPlace, type ShortcutAction, shortcutFor } from "./shortcuts.ts";

export function useShortcuts(singleKeys: boolean, act: (action: ShortcutAction) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  }, [act]);

  useEffect(() => {
    let talking = false;
    const run = (action: ShortcutAction) => {
      if (action === "talk-start") talking = true;
      if (action === "talk-stop") talking = false;
      latest.current(action);
    };
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && isTypingPlace(placeOf(target));
      const { code, key, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
      const type = event.type === "keyup" ? "keyup" : "keydown";
      const action = shortcutFor(
        { type, code, key, ctrlKey, metaKey, altKey, shiftKey, repeat },
        { typing, singleKeys, talking },
      );
      if (action === null) return;
      event.preventDefault();
      event.stopPropagation();
      run(action);
    };
    // A key that is released in another window is never heard of.
    const onBlur = () => {
      if (talking) run("talk-stop");
    };
    window.addEventListener("keydown", onKey, { capture: true });
    window.addEventListener("keyup", onKey, { capture: true });
    window.addEventListener("blur", onBlur);
    return () => {
      onBlur();
      window.removeEventListener("keydown", onKey, { capture: true });
      window.removeEventListener("keyup", onKey, { capture: true });
      window.removeEventListener("blur", onBlur);
    };
  }, [singleKeys]);
}

function placeOf(element: HTMLElement) {
  return {
    tagName: element.tagName,
    type: element instanceof HTMLInputElement ? element.type : undefined,
    isContentEditable: element.isContentEditable,
  };
}
