// Two said yes: with whom, when, and the way to the lobby.
import { DoorOpen } from "lucide-react";
import type { OwnMatching } from "../../../shared/schemas/matching.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatTime } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import styles from "./matching.module.css";
import { matchingStrings } from "./strings.ts";

const words = matchingStrings.matched;

export function Matched({
  match,
  onAnother,
}: {
  match: NonNullable<OwnMatching["match"]>;
  onAnother: () => void;
}) {
  const { with: person, meetingId } = match;
  const startsAt = new Date(match.startsAt);
  const now = useNow(10_000);
  return (
    <Card>
      <div className={styles["matched"]} role="status">
        <Avatar id={person.userId} name={person.displayName} photo={person.photo} size="huge" />
        <h2 className={styles["matchedTitle"]}>{words.title(person.displayName)}</h2>
        <p className={styles["quiet"]}>{startsAt > now ? words.at(formatTime(startsAt)) : words.now}</p>
        {meetingId === null && <Waiting label={words.making} />}
        <div className={styles["buttons"]}>
          {meetingId !== null && (
            <ButtonLink to={`/meetings/${meetingId}`} look="primary" size="large" icon={DoorOpen}>
              {words.lobby}
            </ButtonLink>
          )}
          <Button look="quiet" onClick={onAnother}>
            {words.another}
          </Button>
        </div>
      </div>
    </Card>
  );
}
