// Who is in a group: everybody, or people who are named, in coaching each as coach or coachee.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { pairingLimits, type PairingRole } from "../../../shared/schemas/matching-rounds.ts";
import { useRequest } from "../../api/use-request.ts";
import { Checkbox, Select } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import type { GroupDraft } from "./group-draft.ts";
import styles from "./rounds.module.css";
import { roundsStrings } from "./strings.ts";

const words = roundsStrings.form;
const places = Array.from({ length: pairingLimits.placesOfCoach }, (_, index) => index + 1);

export function PeopleChoice({
  draft,
  onChange,
}: {
  draft: GroupDraft;
  onChange: (part: Partial<GroupDraft>) => void;
}) {
  return (
    <fieldset className={styles["fieldset"]}>
      <legend>{words.who}</legend>
      {draft.kind === "peer" && (
        <>
          <Checkbox
            kind="radio"
            name="who"
            label={words.everybody}
            checked={draft.everybody}
            onChange={() => onChange({ everybody: true })}
          />
          <Checkbox
            kind="radio"
            name="who"
            label={words.named}
            checked={!draft.everybody}
            onChange={() => onChange({ everybody: false })}
          />
        </>
      )}
      {!draft.everybody && <Named draft={draft} onChange={onChange} />}
    </fieldset>
  );
}

function Named({ draft, onChange }: { draft: GroupDraft; onChange: (part: Partial<GroupDraft>) => void }) {
  const organization = useRequest(endpoints.adminOrganization, {});
  if (organization.status === "loading") return <Waiting label={roundsStrings.loading} />;
  if (organization.status === "error")
    return <Failure error={organization.error} onRetry={organization.retry} />;
  const people = organization.data.members.flatMap(({ userId, displayName, state }) =>
    userId === null || state !== "active" ? [] : [{ userId, name: displayName }],
  );
  const set = (userId: string, role: PairingRole | null, count = 2) => {
    const { [userId]: _former, ...rest } = draft.roles;
    onChange({ roles: role === null ? rest : { ...rest, [userId]: { role, places: count } } });
  };
  if (people.length === 0) return <p className={styles["quiet"]}>{words.noPeople}</p>;
  return (
    <ul className={styles["people"]}>
      {people.map(({ userId, name }) => {
        const own = draft.roles[userId];
        return (
          <li key={userId}>
            {draft.kind === "peer" ? (
              <Checkbox
                label={name}
                checked={own !== undefined}
                onChange={({ target }) => set(userId, target.checked ? "peer" : null, 1)}
              />
            ) : (
              <>
                <span>{name}</span>
                <span className={styles["choice"]}>
                  <Select
                    label={words.role(name)}
                    labelHidden
                    value={own?.role ?? ""}
                    onChange={({ target }) =>
                      set(userId, target.value === "" ? null : (target.value as PairingRole), own?.places)
                    }
                  >
                    <option value="">{words.roles.none}</option>
                    <option value="coach">{words.roles.coach}</option>
                    <option value="coachee">{words.roles.coachee}</option>
                  </Select>
                  {own?.role === "coach" && (
                    <Select
                      label={words.places(name)}
                      labelHidden
                      value={own.places}
                      onChange={({ target }) => set(userId, "coach", Number(target.value))}
                    >
                      {places.map((count) => (
                        <option key={count}>{count}</option>
                      ))}
                    </Select>
                  )}
                </span>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
