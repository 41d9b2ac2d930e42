// Moving and removing what stands in a list, by mouse and keyboard.
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { IconButton } from "../../../ui/button.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.one;

export type ListChange<Item> = (item: Item) => void;

export function changedAt<Item>(list: readonly Item[], index: number, item: Item): Item[] {
  return list.map((each, at) => (at === index ? item : each));
}

export function EntryTools<Item>(props: {
  /** What is moved, in the middle of a sentence. */
  label: string;
  list: readonly Item[];
  index: number;
  onChange: (list: Item[]) => void;
}) {
  const { label, list, index, onChange } = props;
  const move = (to: number) => {
    const others = list.filter((_item, at) => at !== index);
    onChange([...others.slice(0, to), ...list.slice(index, index + 1), ...others.slice(to)]);
  };
  return (
    <div className={styles["tools"]}>
      <IconButton
        icon={ArrowUp}
        size="small"
        label={words.up(label)}
        disabled={index === 0}
        onClick={() => move(index - 1)}
      />
      <IconButton
        icon={ArrowDown}
        size="small"
        label={words.down(label)}
        disabled={index === list.length - 1}
        onClick={() => move(index + 1)}
      />
      <IconButton
        icon={Trash2}
        size="small"
        label={words.remove(label)}
        onClick={() => onChange(list.filter((_item, at) => at !== index))}
      />
    </div>
  );
}
