// What an email says, both ways: formatted in a frame without scripts, and as plain text.
import { useState } from "react";
import { Tabs } from "../ui/tabs.tsx";
import { framedMail } from "./mail-frame.ts";
import styles from "./mail-views.module.css";
import { emailStrings } from "./strings.ts";

const words = emailStrings.views;

export interface MailViewsProps {
  subject: string;
  html: string;
  text: string;
}

export function MailViews({ subject, html, text }: MailViewsProps) {
  const [view, setView] = useState<"formatted" | "plain">("formatted");
  return (
    <Tabs
      label={words.label}
      selected={view}
      onSelect={setView}
      panelClassName={styles["panel"]}
      tabs={[
        {
          key: "formatted",
          label: words.formatted,
          content: (
            <iframe
              className={styles["frame"]}
              title={words.frame(subject)}
              srcDoc={framedMail(html)}
              // No scripts, no forms, no access to this page; links open beside it.
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
            />
          ),
        },
        { key: "plain", label: words.plain, content: <pre className={styles["plain"]}>{text}</pre> },
      ]}
    />
  );
}
