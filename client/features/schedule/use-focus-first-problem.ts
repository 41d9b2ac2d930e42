// Leads a person to the first field that needs them.
import { useCallback, useEffect, useRef, useState } from "react";

/** Put `form` on the form; after `focusFirstProblem()` the first invalid field has the focus once it is drawn. */
export function useFocusFirstProblem() {
  const form = useRef<HTMLFormElement>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [asked]);
  const focusFirstProblem = useCallback(() => setAsked((count) => count + 1), []);
  return { form, focusFirstProblem };
}
