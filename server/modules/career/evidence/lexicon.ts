// The words that the evidence rules look for; all of them are compared by their stems, in lower case.
import { stem } from "../../../platform/text/words.ts";

const listed = (words: string): readonly string[] => words.split(/\s+/).filter((word) => word !== "");
const stems = (words: string): ReadonlySet<string> => new Set(listed(words).map(stem));

/** Verbs that say what one did oneself. "Spearheaded" is one of them: a plain claim, however worn. */
export const strongVerbs = stems(`
  led lead built build designed design developed develop created create launched launch founded found managed manage
  directed direct delivered deliver reduced reduce increased increase cut improved improve negotiated negotiate implemented
  implement established establish trained train taught teach headed head automated automate engineered engineer architected
  architect drove drive grew grow won win saved save secured secure streamlined streamline spearheaded spearhead pioneered
  pioneer introduced introduce initiated initiate supervised supervise mentored mentor coached coach organised organized
  organise organize planned plan restructured restructure redesigned redesign rebuilt rebuild overhauled overhaul migrated
  migrate optimised optimized optimise optimize accelerated accelerate expanded expand generated generate raised raise
  resolved resolve diagnosed diagnose treated treat investigated investigate audited audit authored author published publish
  wrote write produced produce installed install repaired repair fabricated fabricate assembled assemble operated operate
  coordinated coordinate chaired chair recruited recruit hired hire sold sell exceeded exceed achieved achieve transformed
  transform standardised standardized standardise standardize eliminated eliminate doubled tripled halved modernised
  modernized piloted pilot forecast analysed analyzed analyse analyze evaluated evaluate administered administer assessed
  assess cared dispensed dispense prescribed prescribe litigated litigate drafted draft edited edit curated curate
  orchestrated orchestrate scaled scale shipped ship deployed deploy closed close rescued rescue restored restore cooked cook`);

/** They say that one was there. */
export const weakVerbs = stems(`
  helped help assisted assist supported support worked work participated participate contributed contribute involved
  attended attend observed observe shadowed shadow tasked handled handle used use utilised utilized did was
  responsible liaised liaise`);

/** Something became better, or worse as it should. */
export const outcomeWords = stems(`
  increased increase reduced reduce cut improved improve saved save grew grow raised raise lowered lower decreased decrease
  boosted boost accelerated accelerate doubled tripled halved exceeded exceed achieved achieve won eliminated eliminate
  resulting resulted leading enabled enable prevented prevent recovered recover shortened shorten generated generate growth
  reduction increase improvement savings award promoted promotion rescued restored secured retained retention`);

/** How far something reached, in words. */
export const scopeWords = stems(`
  team teams department departments organisation organization company global international national regional nationwide
  worldwide enterprise multinational region regions country countries site sites branch branches hospital hospitals ward
  wards school schools stores store clients customers users patients students pupils employees staff engineers nurses
  budget portfolio programme stakeholders fleet warehouse plant`);
export const scopePhrases: readonly RegExp[] = [
  /\bcross[- ]functional\b/g,
  /\b(?:company|organi[sz]ation|enterprise|hospital|school|site|firm|group|nation)[- ]wide\b/g,
  /\bend[- ]to[- ]end\b/g,
  /\bmulti[- ](?:site|country|year|region|channel|disciplinary)\b/g,
];

/** Whom or what a count of shows how large something was. */
export const scopeNouns = scopeWords;

/**
 * Single words that say nothing that could be checked. Taken out before anything else is looked at, so that they can
 * neither earn a point nor hide one.
 */
export const fluffWords: ReadonlySet<string> = new Set(
  listed(`
  dynamic passionate motivated hardworking hard-working dedicated enthusiastic successfully effectively efficiently
  synergy synergies synergistic world-class best-in-class cutting-edge innovative visionary guru ninja rockstar
  results-driven result-driven results-oriented result-oriented detail-oriented self-starter go-getter proactive
  proactively various numerous several many seamless seamlessly robustly holistic holistically leverage leveraged
  leveraging strategic strategically impactful exceptional exceptionally outstanding excellent extremely highly very
  really truly significantly substantially greatly vastly extensively key vital crucial fast-paced thought-leader
  game-changing mission-critical value-added stellar superb fantastic amazing unparalleled`),
);
