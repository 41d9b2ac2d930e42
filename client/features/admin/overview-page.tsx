// An organisation's figures: attendance, commitments and ratings over complete weeks, as pictures and as tables.
import { ChartColumn, Download } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import {
  arrivalParts,
  commitmentParts,
  meetingParts,
  overviewWeeks,
  placeParts,
  type Overview,
  type OverviewQuery,
} from "../../../shared/schemas/overview.ts";
import { addressOf } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { ButtonAnchor } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { LengthCard, RatingsCard, SplitCard } from "./overview-cards.tsx";
import { isEmpty } from "./overview-figures.ts";
import { overviewStrings as words } from "./overview-strings.ts";
import { weekDay } from "./overview-days.ts";
import styles from "./figures.module.css";

type Weeks = OverviewQuery["weeks"];

export function OverviewPage() {
  const [weeks, setWeeks] = useState<Weeks>(12);
  const report = useRequest(endpoints.adminOverview, { query: { weeks } });
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <ButtonAnchor
            icon={Download}
            download
            href={addressOf(endpoints.adminOverviewCsv, { query: { weeks } })}
          >
            {words.export}
          </ButtonAnchor>
        }
      />
      <Select
        label={words.period}
        className={styles["period"]}
        value={weeks}
        onChange={(event) => setWeeks(Number(event.target.value) as Weeks)}
      >
        {overviewWeeks.map((value) => (
          <option key={value} value={value}>
            {words.periods[value]}
          </option>
        ))}
      </Select>
      {report.status === "loading" && <Waiting label={words.loading} />}
      {report.status === "error" && <Failure error={report.error} onRetry={report.retry} />}
      {report.data !== null && <Figures overview={report.data} />}
    </>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const { weeks, blocks, rule, countedUntil, nextAt } = overview;
  if (isEmpty(overview)) {
    return (
      <EmptyState icon={ChartColumn} title={words.emptyTitle}>
        {words.empty(weekDay(nextAt))}
      </EmptyState>
    );
  }
  return (
    <>
      <p className={styles["quiet"]}>{words.counted(weekDay(countedUntil), weekDay(nextAt))}</p>
      <div className={styles["cards"]}>
        <SplitCard
          words={words.meetings}
          order={meetingParts}
          periods={weeks.map(({ from, state, meetings }) => ({ from, state, split: meetings }))}
        />
        <SplitCard
          words={words.places}
          order={placeParts}
          periods={weeks.map(({ from, state, places }) => ({ from, state, split: places }))}
        />
        <SplitCard
          words={words.arrivals}
          order={arrivalParts}
          periods={weeks.map(({ from, state, arrivals }) => ({ from, state, split: arrivals }))}
        />
        <LengthCard weeks={weeks} />
        <SplitCard
          words={words.commitments}
          order={commitmentParts}
          head={words.block}
          periods={blocks.map(({ from, commitmentsState, commitments }) => ({
            from,
            state: commitmentsState,
            split: commitments,
          }))}
        />
        <RatingsCard blocks={blocks} />
        <Card title={words.ruleTitle}>
          <p>{words.rule(rule.people, rule.meetings)}</p>
        </Card>
      </div>
    </>
  );
}
