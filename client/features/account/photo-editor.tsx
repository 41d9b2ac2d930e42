// Cuts a square out of a picture, by pointer, keys or sliders, and sends it.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Me } from "../../../shared/schemas/users.ts";
import { toApiError } from "../../api/errors.ts";
import { upload } from "../../api/upload.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { type Crop, firstCrop, maxZoom, moved, squareOf, zoomed } from "./photo-crop.ts";
import { photoStrings as words } from "./photo-strings.ts";
import styles from "./photo.module.css";

/** Sharp at the largest size that is shown, on screens of twice as many pixels. */
const photoPixels = 512;
const step = 0.04;
const zoomStep = 0.1;

export interface PhotoEditorProps {
  picture: ImageBitmap;
  me: Me;
  onCancel: () => void;
  onSaved: (me: Me) => void;
}

export function PhotoEditor({ picture, onCancel, onSaved }: PhotoEditorProps) {
  const [crop, setCrop] = useState<Crop>(firstCrop);
  const [sending, setSending] = useState<{ abort: AbortController; share: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const small = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => {
    for (const { current } of [canvas, small]) if (current !== null) draw(current, picture, crop);
  }, [picture, crop]);
  // The page before is gone: the Tab key goes on from here.
  useEffect(() => canvas.current?.focus(), []);
  useEffect(() => () => sending?.abort.abort(), [sending?.abort]);

  const move = (right: number, down: number) => setCrop((now) => moved(picture, now, { right, down }));
  const zoomTo = (zoom: (now: number) => number) => setCrop((now) => zoomed(picture, now, zoom(now.zoom)));

  function onKey(event: KeyboardEvent) {
    const keys: Partial<Record<string, () => void>> = {
      ArrowLeft: () => move(-step, 0),
      ArrowRight: () => move(step, 0),
      ArrowUp: () => move(0, -step),
      ArrowDown: () => move(0, step),
      "+": () => zoomTo((now) => now + zoomStep),
      "=": () => zoomTo((now) => now + zoomStep),
      "-": () => zoomTo((now) => now - zoomStep),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  function onPointer(event: PointerEvent<HTMLCanvasElement>) {
    const { clientX: x, clientY: y } = event;
    if (event.type === "pointerdown") {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x, y };
    } else if (event.type === "pointermove" && drag.current !== null) {
      const { width } = event.currentTarget.getBoundingClientRect();
      move((x - drag.current.x) / width, (y - drag.current.y) / width);
      drag.current = { x, y };
    } else if (event.type !== "pointermove") drag.current = null;
  }

  async function save() {
    const abort = new AbortController();
    setProblem(null);
    setSending({ abort, share: 0 });
    try {
      const photo = await photoOf(picture, crop);
      onSaved(
        await upload(endpoints.putPhoto, photo, {
          signal: abort.signal,
          onProgress: (share) => setSending((now) => now && { ...now, share }),
        }),
      );
    } catch (error) {
      if (!abort.signal.aborted) setProblem(toApiError(error).message);
      setSending(null);
    }
  }

  const percent = Math.round((sending?.share ?? 0) * 100);
  return (
    <Card title={words.crop}>
      {problem !== null && <Failure message={problem} />}
      <div className={styles["editor"]}>
        <canvas
          ref={canvas}
          width={photoPixels}
          height={photoPixels}
          className={styles["canvas"]}
          tabIndex={0}
          role="img"
          aria-label={words.cropLabel}
          onKeyDown={onKey}
          onPointerDown={onPointer}
          onPointerMove={onPointer}
          onPointerUp={onPointer}
          onPointerCancel={onPointer}
        />
        <div className={styles["controls"]}>
          <p className={styles["quiet"]}>{words.cropHint}</p>
          <Slider
            label={words.zoom}
            min={1}
            max={maxZoom}
            value={crop.zoom}
            onChange={(zoom) => zoomTo(() => zoom)}
          />
          <Slider
            label={words.horizontal}
            value={crop.x}
            onChange={(x) => setCrop((now) => ({ ...now, x }))}
          />
          <Slider label={words.vertical} value={crop.y} onChange={(y) => setCrop((now) => ({ ...now, y }))} />
          <div className={styles["preview"]}>
            <canvas ref={small} width={144} height={144} className={styles["round"]} aria-hidden />
            <span className={styles["quiet"]}>{words.preview}</span>
          </div>
          <div className={styles["actions"]}>
            <Button look="primary" busy={sending !== null} onClick={() => void save()}>
              {sending === null ? words.save : words.sending(percent)}
            </Button>
            <Button onClick={() => (sending === null ? onCancel() : sending.abort.abort())}>
              {words.cancel}
            </Button>
          </div>
          {sending !== null && (
            <progress className={styles["progress"]} value={percent} max={100} aria-hidden />
          )}
        </div>
      </div>
    </Card>
  );
}

function Slider(props: {
  label: string;
  value: number;
  min?: number;
  max?: number;
  onChange: (value: number) => void;
}) {
  const { label, value, min = 0, max = 1, onChange } = props;
  return (
    <label className={styles["slider"]}>
      {label}
      <input
        type="range"
        min={min}
        max={max}
        step={(max - min) / 50}
        value={value}
        aria-valuetext={`${Math.round(((value - min) / (max - min)) * 100)} %`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </label>
  );
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { left, top, side } = squareOf(picture, crop);
  // What is transparent would be black in a JPEG.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

async function photoOf(picture: ImageBitmap, crop: Crop): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = photoPixels;
  draw(canvas, picture, crop);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
  if (blob === null) throw new Error("the browser could not write the picture");
  return blob;
}
