// One change under way at a time: whether it is, and what went wrong. What follows from it the live query shows.
import { useState } from "react";
import { toApiError } from "../api/errors.ts";
import { useToast } from "./toast.tsx";

/** `run` resolves to false where the change failed, which it has said then. */
export function useAction() {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, run };
}
