// Which processes of this machine can be told to be gone without waiting for their heartbeats to stop.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface Host {
  /** The same for two processes that see each other's process ids. */
  name: string;
  pid: number;
  isGone(pid: number): boolean;
}

export function thisHost(): Host {
  return {
    name: [hostname(), ...linuxIdentity()].join("/"),
    pid: process.pid,
    // Where the id is our own, the former process had it in the same container before us.
    isGone: (pid) => pid === process.pid || !exists(pid),
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

// Two containers may have the same name: the boot and the process namespace tell them apart.
function linuxIdentity(): string[] {
  try {
    return [
      readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
      readlinkSync("/proc/self/ns/pid"),
    ];
  } catch {
    return [];
  }
}
