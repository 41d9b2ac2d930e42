// Runs work one after another per key, so that what arrives in order stays in order across an access check.
import { TransientMap } from "../../shared/transient-map.ts";

export interface InOrder {
  /** Runs `work` once everything given before under the same key has finished, whether it succeeded or not. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createInOrder(): InOrder {
  const lasts = new TransientMap<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = lasts.get(key);
      const result = before === undefined ? work() : before.then(work, work);
      lasts.set(key, result);
      try {
        return await result;
      } finally {
        if (lasts.get(key) === result) lasts.delete(key);
      }
    },
  };
}
