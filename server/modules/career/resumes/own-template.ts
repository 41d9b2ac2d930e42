// LaTeX that a résumé's owner gives it: what runs could not set is refused when it is given, not when they print.
import { AppError } from "../../../../shared/errors.ts";
import { templateFaults } from "../artefacts/index.ts";

/** Throws VALIDATION_ERROR with a sentence for each thing that is in the way. An empty one takes it away. */
export function acceptableTemplate(template: string): string | null {
  if (template === "") return null;
  const faults = templateFaults(template);
  if (faults.length > 0)
    throw new AppError("VALIDATION_ERROR", `This template cannot be used. ${faults.join(" ")}`, {
      details: { fields: { customLatexTemplate: faults } },
    });
  return template;
}
