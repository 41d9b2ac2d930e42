// Whether a test asks for a server of another kind than the one it is run against.
import type { Requirement } from "./format.ts";

export interface ServerFacts {
  /** Major, minor, patch. */
  version: readonly number[];
  topology: "single" | "replicaset" | "sharded" | "load-balanced";
  auth: boolean;
}

/** True if there are no requirements, or if one of them is met in full. */
export function meets(requirements: readonly Requirement[] | undefined, facts: ServerFacts): boolean {
  return requirements === undefined || requirements.some((requirement) => meetsOne(requirement, facts));
}

function meetsOne(requirement: Requirement, { version, topology, auth }: ServerFacts): boolean {
  const { minServerVersion: min, maxServerVersion: max, topologies, serverless } = requirement;
  if (min !== undefined && compareVersions(version, versionOf(min)) < 0) return false;
  if (max !== undefined && compareVersions(version, versionOf(max)) > 0) return false;
  if (topologies !== undefined && !topologies.includes(topology)) return false;
  if (requirement.auth !== undefined && requirement.auth !== auth) return false;
  return serverless !== "require";
}

export function versionOf(text: string): number[] {
  return text.split(".").map(Number);
}

/** Missing parts count as zero. */
export function compareVersions(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
