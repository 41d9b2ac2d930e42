// What rounds of pairing keep of a person: their places in groups and rounds, what they stay out of, and weights they applied.
import type mongoose from "mongoose";
import type { UserId } from "../../../shared/ids.ts";

interface Group {
  _id: string;
  members: { userId: string }[];
}
interface Round {
  _id: string;
  people: string[];
  groups: { people: string[]; pairs: { one: string; other: string }[]; state: string }[];
  alone: { userId: string }[];
}

/** May be repeated. */
export async function erasePairing(database: mongoose.mongo.Db, person: UserId): Promise<void> {
  const groups = database.collection<Group>("pairingGroups");
  const rounds = database.collection<Round>("pairingRounds");
  const optOuts = database.collection<{ _id: string; userId: string }>("pairingOptOuts");
  const weights = database.collection<{ _id: string; appliedBy: string | null }>("matchingWeights");
  await groups.updateMany({ "members.userId": person }, { $pull: { members: { userId: person } } });
  for await (const { _id, people, groups: met, alone } of rounds.find({ people: person })) {
    await rounds.updateOne(
      { _id },
      {
        $set: {
          // Places stay as they are: what is being published is named by them.
          groups: met.map((group) => {
            if (!group.people.includes(person)) return group;
            return {
              ...group,
              people: group.people.filter((each) => each !== person),
              pairs: group.pairs.filter(({ one, other }) => one !== person && other !== person),
              state: group.state === "planned" ? "void" : group.state,
            };
          }),
          alone: alone.filter(({ userId }) => userId !== person),
          // The last: by it the round is found until all of it is done.
          people: people.filter((each) => each !== person),
        },
      },
    );
  }
  await optOuts.deleteMany({ userId: person });
  await weights.updateMany({ appliedBy: person }, { $set: { appliedBy: null } });
}
