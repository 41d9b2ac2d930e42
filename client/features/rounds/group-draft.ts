// What is being filled in about a group, and what is sent of it: pure.
import type {
  CreatePairingGroup,
  PairingGroup,
  PairingKind,
  PairingRole,
  PairingSchedule,
} from "../../../shared/schemas/matching-rounds.ts";

export interface GroupDraft {
  name: string;
  kind: PairingKind;
  everybody: boolean;
  /** By person; who is not named here is not in it. */
  roles: Record<string, { role: PairingRole; places: number }>;
  schedule: PairingSchedule;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** A week from now, at ten, every week. */
export function blankDraft(now: Date, timeZone: string): GroupDraft {
  return {
    name: "",
    kind: "peer",
    everybody: true,
    roles: {},
    schedule: {
      firstDay: new Date(now.getTime() + 7 * dayMs).toISOString().slice(0, 10),
      atMinute: 10 * 60,
      timeZone,
      everyWeeks: 2,
      withinDays: 5,
      durationMinutes: 30,
      publishHours: 24,
      remindHours: 48,
      automatic: true,
    },
  };
}

export function draftOf({ name, kind, everybody, members, schedule }: PairingGroup): GroupDraft {
  const roles = Object.fromEntries(members.map(({ userId, role, places }) => [userId, { role, places }]));
  return { name, kind, everybody, roles, schedule };
}

/** People keep their places where the kind stays; coaching names everybody. */
export function withKind(draft: GroupDraft, kind: PairingKind): GroupDraft {
  return { ...draft, kind, everybody: kind === "peer" && draft.everybody, roles: {} };
}

export function inputOf({ name, kind, everybody, roles, schedule }: GroupDraft): CreatePairingGroup {
  const members = everybody
    ? []
    : Object.entries(roles).map(([userId, { role, places }]) => ({
        userId: userId as CreatePairingGroup["members"][number]["userId"],
        role,
        places: role === "coach" ? places : 1,
      }));
  return { name, kind, everybody, members, schedule };
}

/** `10:15` of a time input as minutes of the day; null while it is incomplete. */
export function minuteOf(time: string): number | null {
  const [hours, minutes] = time.split(":").map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(hours) || Number.isNaN(minutes))
    return null;
  return Math.floor((hours * 60 + minutes) / 15) * 15;
}

export function timeOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
