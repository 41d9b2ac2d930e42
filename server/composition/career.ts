// The career pipeline, area by area: each is made here and handed on as one, with one port for what goes with its person.
import type { CareerArea, CareerServices } from "../modules/career/index.ts";

/** Registers jobs, so it is called before the jobs start. */
export function createCareer(): { career: CareerServices; careerData: CareerArea } {
  const areas: CareerArea[] = [];
  return {
    career: {},
    careerData: {
      // What is made of something goes before it.
      async removeOfPerson(userId) {
        for (const area of [...areas].reverse()) await area.removeOfPerson(userId);
      },
      async exportOf(userId) {
        const found = await Promise.all(areas.map((area) => area.exportOf(userId)));
        return Object.assign({}, ...found) as Record<string, unknown[]>;
      },
      async removeDeleted(before) {
        let removed = 0;
        for (const area of [...areas].reverse()) removed += await area.removeDeleted(before);
        return removed;
      },
    },
  };
}
