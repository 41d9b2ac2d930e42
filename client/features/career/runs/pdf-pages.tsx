// A PDF drawn page by page, as it will be printed; its text stands beside the drawing for those who do not see it.
import { useEffect, useRef, useState } from "react";
import { type ApiError, toApiError } from "../../../api/errors.ts";
import { Failure } from "../../../ui/notice.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { type OpenPdf, openPdf } from "./pdf-drawing.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

/** `load` is asked once for what `of` names. */
export function PdfPages({ of, load, label }: { of: string; load: () => Promise<Blob>; label: string }) {
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const [pdf, setPdf] = useState<OpenPdf | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let gone = false;
    let opened: OpenPdf | null = null;
    latest
      .current()
      .then(async (blob) => {
        opened = await openPdf(new Uint8Array(await blob.arrayBuffer()));
        if (gone) opened.close();
        else setPdf(opened);
      })
      .catch((thrown: unknown) => {
        if (!gone) setError(toApiError(thrown));
      });
    return () => {
      gone = true;
      opened?.close();
    };
  }, [of, attempt]);

  if (error !== null)
    return (
      <Failure
        error={error}
        onRetry={() => {
          setError(null);
          setAttempt((count) => count + 1);
        }}
      />
    );
  if (pdf === null) return <Waiting label={words.drawing} />;
  return (
    // On a narrow screen a page is wider than its place, so that it can be read: by keyboard it is scrolled, too.
    <div className={styles["papers"]} role="group" aria-label={label} tabIndex={0}>
      {Array.from({ length: pdf.pages }, (_, place) => (
        <Paper key={place} pdf={pdf} number={place + 1} />
      ))}
    </div>
  );
}

function Paper({ pdf, number }: { pdf: OpenPdf; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [text, setText] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const observer = new ResizeObserver(() => {
      const dots = target.clientWidth * window.devicePixelRatio;
      // Drawn anew where it would be seen: a little more or less is stretched.
      setWidth((drawn) => (Math.abs(dots - drawn) > drawn / 8 ? Math.ceil(dots) : drawn));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let gone = false;
    const target = canvas.current;
    if (target === null || width === 0) return;
    pdf
      .draw(number, target, width)
      .then((drawn) => {
        if (!gone) setText(drawn);
      })
      .catch(() => {
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
    };
  }, [pdf, number, width]);
  return (
    <figure className={styles["paper"]} data-drawn={text !== null}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.paper(number, pdf.pages)}
        className={styles["canvas"]}
      />
      {text !== null && <figcaption className="visually-hidden">{text}</figcaption>}
      {failed && <Failure message={words.notDrawn} />}
    </figure>
  );
}
