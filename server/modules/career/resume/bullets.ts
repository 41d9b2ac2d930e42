// Bullets of a résumé under ids that survive edits: what is cached by an id stays valid for the bullet it was made of.
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { wordsOf } from "../../../platform/text/words.ts";

/** An edited bullet is the former one as long as this share of both their words is common to them. */
const sameBulletShare = 0.5;

interface Parent {
  type: "experience" | "project";
  id: string;
  name: string;
  bullets: ResumeContent["projects"][number]["bullets"];
}

/**
 * Gives ids to roles, projects and bullets that have none. Ids that stand in the content are kept, where they stand once;
 * what has none gets that of the bullet of `former` which it is: the same text first, then the most alike of the same
 * parent, then of any. Numbers are never given to another bullet as long as `former` knows them.
 */
export function withBulletIds(content: ResumeContent, former: readonly ResumeBullet[] = []): ResumeContent {
  const parentIds = new Set(former.map(({ parentId }) => parentId));
  const takenParents = new Set<string>();
  const parentId = (given: string | undefined, name: string, matches: (bullet: ResumeBullet) => boolean) => {
    const free = (id: string | undefined) => id !== undefined && !takenParents.has(id);
    const known = former.find((bullet) => matches(bullet) && free(bullet.parentId))?.parentId;
    const id = free(given) && given !== undefined ? given : (known ?? unused(name, parentIds, takenParents));
    takenParents.add(id);
    return id;
  };
  const workExperience = content.workExperience.map((role) => ({
    ...role,
    roleId: parentId(
      role.roleId,
      `exp_${slug(role.company, 2)}_${slug(role.title, 3)}`,
      (bullet) => bullet.company === role.company && bullet.role === role.title,
    ),
  }));
  const projects = content.projects.map((project) => ({
    ...project,
    projectId: parentId(
      project.projectId,
      `proj_${slug(project.name, 4)}`,
      (bullet) => bullet.parentType === "project" && bullet.projectName === project.name,
    ),
  }));
  const parents: Parent[] = [
    ...workExperience.map(({ roleId, company, bullets }) => ({
      type: "experience" as const,
      id: roleId,
      name: company,
      bullets,
    })),
    ...projects.map(({ projectId, name, bullets }) => ({
      type: "project" as const,
      id: projectId,
      name,
      bullets,
    })),
  ];
  const ids = bulletIds(parents, former);
  const numbered = (id: string, bullets: Parent["bullets"]) =>
    bullets.map((bullet, at) => ({ ...bullet, bulletId: ids.get(`${id} ${at}`) ?? bullet.bulletId }));
  return {
    ...content,
    workExperience: workExperience.map((role) => ({ ...role, bullets: numbered(role.roleId, role.bullets) })),
    projects: projects.map((project) => ({
      ...project,
      bullets: numbered(project.projectId, project.bullets),
    })),
  };
}

/** In the order of the page. Awards have ids from their names. Throws where ids are missing: see `withBulletIds`. */
export function bulletsOf(content: ResumeContent): ResumeBullet[] {
  const awardIds = new Set<string>();
  return [
    ...content.workExperience.flatMap((role) =>
      role.bullets.map(({ bulletId, text, tags }, order) => ({
        bulletId: present(bulletId),
        parentType: "experience" as const,
        parentId: present(role.roleId),
        company: role.company,
        role: role.title,
        dates: role.dateRange,
        ...(role.location === undefined ? {} : { location: role.location }),
        text,
        ...(tags === undefined ? {} : { tags }),
        order,
      })),
    ),
    ...content.projects.flatMap((project) =>
      project.bullets.map(({ bulletId, text, tags }, order) => ({
        bulletId: present(bulletId),
        parentType: "project" as const,
        parentId: present(project.projectId),
        projectName: project.name,
        ...(project.date === undefined ? {} : { dates: project.date }),
        text,
        ...(tags === undefined ? {} : { tags }),
        order,
      })),
    ),
    ...content.awards.map(({ name, issuer, year, details }, order) => {
      const bulletId = unused(`award_${slug(name, 4)}`, new Set(), awardIds);
      awardIds.add(bulletId);
      return {
        bulletId,
        parentType: "award" as const,
        parentId: bulletId,
        ...(year === "" ? {} : { dates: year }),
        text: [name, issuer, details ?? ""].filter((part) => part !== "").join(", "),
        order,
      };
    }),
  ];
}

function bulletIds(parents: readonly Parent[], former: readonly ResumeBullet[]): Map<string, string> {
  const found = new Map<string, string>();
  const taken = new Set<string>();
  const places = parents.flatMap(({ id, bullets }) =>
    bullets.map((bullet, at) => ({ key: `${id} ${at}`, parent: id, ...bullet })),
  );
  const give = (key: string, id: string) => {
    found.set(key, id);
    taken.add(id);
  };
  for (const { key, bulletId } of places)
    if (bulletId !== undefined && !taken.has(bulletId)) give(key, bulletId);

  const open = () => places.filter(({ key }) => !found.has(key));
  const left = () =>
    former.filter(({ bulletId, parentType }) => parentType !== "award" && !taken.has(bulletId));
  for (const sameParent of [true, false])
    for (const { key, parent, text } of open()) {
      const same = left().find((old) => old.text === text && (!sameParent || old.parentId === parent));
      if (same !== undefined) give(key, same.bulletId);
    }
  const pairs = open().flatMap((place) =>
    left().map((old) => ({
      key: place.key,
      id: old.bulletId,
      sameParent: old.parentId === place.parent,
      share: commonShare(place.text, old.text),
    })),
  );
  pairs.sort((a, b) => Number(b.sameParent) - Number(a.sameParent) || b.share - a.share);
  for (const { key, id, share } of pairs)
    if (share >= sameBulletShare && !found.has(key) && !taken.has(id)) give(key, id);

  const reserved = new Set(former.map(({ bulletId }) => bulletId));
  for (const { key, parent } of open()) {
    let number = 1;
    while (taken.has(`${parent}_b${number}`) || reserved.has(`${parent}_b${number}`)) number += 1;
    give(key, `${parent}_b${number}`);
  }
  return found;
}

/** Of the words of both texts, as sets. */
function commonShare(one: string, other: string): number {
  const a = new Set(wordsOf(one));
  const b = new Set(wordsOf(other));
  const common = [...a].filter((word) => b.has(word)).length;
  return common / Math.max(1, a.size + b.size - common);
}

function unused(name: string, known: ReadonlySet<string>, taken: ReadonlySet<string>): string {
  const used = (id: string) => known.has(id) || taken.has(id);
  let id = name;
  for (let number = 2; used(id); number += 1) id = `${name}_${number}`;
  return id;
}

function slug(text: string, words: number): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const parts = plain.match(/[a-z0-9]+/g)?.slice(0, words) ?? [];
  return parts.join("_").slice(0, 40) || "x";
}

function present(id: string | undefined): string {
  if (id === undefined) throw new Error("bullets are numbered before they are taken out of a résumé");
  return id;
}
