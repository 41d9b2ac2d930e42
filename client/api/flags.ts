// Feature flags on a page: the server's answers, live; the defaults of the code until they are there.
import { flags, type ClientFlagKey } from "../../shared/flags.ts";
import { useLive } from "./live.ts";

export function useFlag(key: ClientFlagKey): boolean {
  const { data } = useLive("flags", {});
  return data?.[key] ?? flags[key].default;
}
