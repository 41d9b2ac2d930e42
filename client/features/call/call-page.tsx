// The call itself: people on the left, notes, transcript, prompts and chat on the right.
import { useParams } from "react-router";

export function CallPage() {
  const { id } = useParams();
  return <h1>{id}</h1>;
}
