// The page of one meeting before its call: who comes, what it is about, and one's own picture and sound.
import { useParams } from "react-router";

export function LobbyPage() {
  const { id } = useParams();
  return <h1>{id}</h1>;
}
