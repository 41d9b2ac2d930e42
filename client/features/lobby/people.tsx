// Who is invited, and who is there already.
import type { MeetingConsents } from "../../../shared/schemas/consents.ts";
import type { Meeting, Participant } from "../../../shared/schemas/meetings.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

export function People({
  meeting,
  myId,
  captions,
}: {
  meeting: Meeting;
  myId: string;
  captions: MeetingConsents["captions"];
}) {
  const unwritten = new Set(captions.flatMap(({ userId, answer }) => (answer === "refused" ? userId : [])));
  return (
    <Card title={lobbyStrings.people}>
      <ul className={styles["people"]}>
        {meeting.participants.map((person) => (
          <li key={person.userId} className={styles["person"]}>
            <Avatar id={person.userId} name={person.displayName} photo={person.photo} />
            <div className={styles["who"]}>
              <p className={styles["name"]}>
                {person.userId === myId ? lobbyStrings.you(person.displayName) : person.displayName}
              </p>
              <p className={styles["quiet"]}>
                {lobbyStrings.roles[person.role]}
                {unwritten.has(person.userId) && ` · ${lobbyStrings.notWritten}`}
              </p>
            </div>
            <Presence person={person} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Presence({ person }: { person: Participant }) {
  switch (person.presence) {
    case "joined":
      return <Badge tone="success">{lobbyStrings.here}</Badge>;
    case "left":
      return <Badge>{lobbyStrings.left}</Badge>;
    case "invited":
      return <Badge>{lobbyStrings.invited}</Badge>;
  }
}
