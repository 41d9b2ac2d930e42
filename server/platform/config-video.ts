// The settings of video: between browsers, or by Stream where its keys are set.
import { z } from "zod";

export const videoEnvironment = {
  STREAM_API_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, "must be the key of an app, as Stream's dashboard shows it")
    .optional(),
  STREAM_SECRET: z.string().min(16, "must be the secret that belongs to STREAM_API_KEY").optional(),
  STREAM_BASE_URL: z
    .url()
    .refine((value) => {
      const { protocol = "", search, hash, username } = URL.parse(value) ?? {};
      return /^https?:$/.test(protocol) && search === "" && hash === "" && username === "";
    }, "must be a URL starting with https:// or http://, without anything behind its path")
    .optional(),
};

export interface StreamConfig {
  apiKey: string;
  secret: string;
  /** Null: Stream's own. */
  baseUrl: string | null;
}

/** Null: browsers connect to each other. Throws the error of `refuse` with a sentence on what does not go together. */
export function readStreamConfig(
  env: z.infer<z.ZodObject<typeof videoEnvironment>>,
  { refuse }: { refuse: (sentence: string) => Error },
): StreamConfig | null {
  const { STREAM_API_KEY: apiKey, STREAM_SECRET: secret, STREAM_BASE_URL: baseUrl } = env;
  if (apiKey === undefined && secret === undefined) {
    if (baseUrl !== undefined)
      throw refuse("STREAM_API_KEY and STREAM_SECRET must be set too, as STREAM_BASE_URL is.");
    return null;
  }
  if (apiKey === undefined || secret === undefined) {
    const missing = apiKey === undefined ? "STREAM_API_KEY" : "STREAM_SECRET";
    throw refuse(`${missing} must be set too, as video by Stream needs the app's key and its secret.`);
  }
  return { apiKey, secret, baseUrl: baseUrl?.replace(/\/+$/, "") ?? null };
}
