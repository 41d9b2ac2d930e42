// A person's own part of rounds of pairing, for their export: where they are named, whom they met, and what they stay out of.
import type mongoose from "mongoose";
import type { UserId } from "../../../shared/ids.ts";

export async function pairingOf(database: mongoose.mongo.Db, userId: UserId): Promise<unknown> {
  const groups = database.collection<{
    _id: string;
    name: string;
    members: { userId: string; role: string; places: number }[];
  }>("pairingGroups");
  const rounds = database.collection<{
    _id: string;
    groupId: string;
    startsAt: Date;
    groups: { people: string[]; startsAt: Date | null; meetingId: string; state: string }[];
  }>("pairingRounds");
  const optOuts = database.collection<Record<string, unknown> & { userId: string }>("pairingOptOuts");
  const named = await groups.find({ "members.userId": userId }).toArray();
  const met = await rounds.find({ people: userId }).toArray();
  return {
    groups: named.map(({ _id, name, members }) => {
      const own = members.find((member) => member.userId === userId);
      return { group: _id, name, role: own?.role, places: own?.places };
    }),
    rounds: met.map(({ _id, startsAt, groups: pairs }) => ({
      round: _id,
      startsAt,
      with: pairs
        .filter(({ people, state }) => people.includes(userId) && state !== "void")
        .map(({ people, startsAt: at, meetingId }) => ({
          people: people.filter((each) => each !== userId),
          startsAt: at,
          meetingId,
        })),
    })),
    staysOut: await optOuts.find({ userId }, { projection: { _id: 0 } }).toArray(),
  };
}
