// One JSON object out of a model's answer: found, checked, and where it does not fit, asked for once more.
import type { z } from "zod";

export type Parsed<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** Takes fences and words around the object away; says in one sentence what does not fit. */
export function parseAnswer<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): Parsed<z.output<Schema>> {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (from === -1 || to < from) return { ok: false, problem: "there is no JSON object in it" };
  let value: unknown;
  try {
    value = JSON.parse(text.slice(from, to + 1));
  } catch {
    return { ok: false, problem: "the JSON is not well formed" };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { ok: false, problem: issues.join("; ") };
}
