// Asking for somebody: when one has time, in which role, and with whom; filled as one asked last.
import { UserRoundSearch } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import { matchingRoles, type MatchingRole, type OwnMatching } from "../../../shared/schemas/matching.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox, Select, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import styles from "./matching.module.css";
import { matchingStrings } from "./strings.ts";
import { topicsOf } from "./topics-of.ts";

const words = matchingStrings.enter;
const hourMs = 60 * 60_000;
const startsInHours = [0, 1, 2, 4] as const;
const lengthsHours = [1, 2, 4, 8] as const;
const topicsMaxChars = limits.topicsMaxItems * limits.topicMaxChars;

export function EnterForm({ last }: { last: OwnMatching }) {
  const me = useMe();
  const [startsIn, setStartsIn] = useState(0);
  const [length, setLength] = useState(2);
  const [as, setAs] = useState<readonly MatchingRole[]>(last.roles);
  const [whom, setWhom] = useState<readonly MatchingRole[]>(last.constraints.roles);
  const [topics, setTopics] = useState(last.constraints.interests.join(", "));
  const [where, setWhere] = useState(last.constraints.organization);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function enter() {
    if (as.length === 0) return setProblem(words.noRole);
    setBusy(true);
    setProblem(null);
    const fromMs = Date.now() + startsIn * hourMs;
    try {
      await call(endpoints.enterMatching, {
        body: {
          ...(startsIn === 0 ? {} : { availableFrom: new Date(fromMs).toISOString() }),
          availableTo: new Date(fromMs + length * hourMs).toISOString(),
          roles: [...as],
          constraints: { interests: topicsOf(topics), roles: [...whom], organization: where },
        },
      });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={words.title}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void enter();
        }}
      >
        <div className={styles["pair"]}>
          <Select
            label={words.from}
            value={startsIn}
            onChange={(event) => setStartsIn(Number(event.target.value))}
          >
            {startsInHours.map((hours) => (
              <option key={hours} value={hours}>
                {hours === 0 ? words.fromNow : words.fromLater(hours)}
              </option>
            ))}
          </Select>
          <Select
            label={words.length}
            value={length}
            onChange={(event) => setLength(Number(event.target.value))}
          >
            {lengthsHours.map((hours) => (
              <option key={hours} value={hours}>
                {words.hours(hours)}
              </option>
            ))}
          </Select>
        </div>
        <Roles legend={words.as} chosen={as} onChange={setAs} />
        <Roles legend={words.whom} hint={words.anyRole} chosen={whom} onChange={setWhom} />
        <TextInput
          label={words.topics}
          hint={words.topicsHint}
          optional
          value={topics}
          maxLength={topicsMaxChars}
          onChange={(event) => setTopics(event.target.value)}
        />
        {me.orgId !== null && (
          <fieldset className={styles["group"]}>
            <legend>{words.where}</legend>
            <Checkbox
              kind="radio"
              name="where"
              label={words.own}
              checked={where === "own"}
              onChange={() => setWhere("own")}
            />
            <Checkbox
              kind="radio"
              name="where"
              label={words.any}
              hint={words.anyHint}
              checked={where === "any"}
              onChange={() => setWhere("any")}
            />
          </fieldset>
        )}
        {problem !== null && <Failure message={problem} />}
        <div className={styles["buttons"]}>
          <Button type="submit" look="primary" size="large" icon={UserRoundSearch} busy={busy}>
            {words.submit}
          </Button>
        </div>
        <p className={styles["quiet"]}>
          {words.profile} <Link to="/account/profile">{words.profileLink}</Link>
        </p>
      </form>
    </Card>
  );
}

function Roles({
  legend,
  hint,
  chosen,
  onChange,
}: {
  legend: string;
  hint?: string;
  chosen: readonly MatchingRole[];
  onChange: (roles: MatchingRole[]) => void;
}) {
  return (
    <fieldset className={styles["group"]}>
      <legend>{legend}</legend>
      <div className={styles["choices"]}>
        {matchingRoles.map((role) => (
          <Checkbox
            key={role}
            label={matchingStrings.role(role)}
            checked={chosen.includes(role)}
            onChange={(event) =>
              onChange(
                matchingRoles.filter((each) =>
                  each === role ? event.target.checked : chosen.includes(each),
                ),
              )
            }
          />
        ))}
      </div>
      {hint !== undefined && <p className={styles["quiet"]}>{hint}</p>}
    </fieldset>
  );
}
