// What somebody sees who is not signed in: what this is, and one button.
import { LogIn } from "lucide-react";
import { useLocation } from "react-router";
import { signInAddress } from "../api/http.ts";
import { ButtonAnchor } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { BrandMark } from "./brand.tsx";
import styles from "./entrance.module.css";
import { shellStrings } from "./shell-strings.ts";

export function Welcome({ ended, local }: { ended: boolean; local: boolean }) {
  const { pathname, search, hash } = useLocation();
  const words = shellStrings.welcome;
  return (
    <main className={styles["welcome"]}>
      <title>{shellStrings.product}</title>
      <div className={styles["inner"]}>
        <div className={styles["brand"]}>
          <BrandMark size={36} />
          {shellStrings.product}
        </div>
        <div className={styles["hero"]}>
          {ended && (
            <Notice tone="warm" live>
              <p>{words.ended}</p>
            </Notice>
          )}
          <h1>{words.title}</h1>
          <p className={styles["lead"]}>{words.lead}</p>
          <div className={styles["enter"]}>
            <ButtonAnchor
              href={signInAddress(pathname + search + hash)}
              look="primary"
              size="large"
              icon={LogIn}
            >
              {words.signIn}
            </ButtonAnchor>
            {local && <span className={styles["hint"]}>{words.localHint}</span>}
          </div>
        </div>
        <ul className={styles["points"]}>
          {words.points.map(([title, text]) => (
            <li key={title}>
              <h2>{title}</h2>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
