// Which photo belongs to whom, for pages on which people are known by their ids alone.
import { createContext, type ReactNode, useContext, useMemo } from "react";

/** The photo's name, by which its address differs from an earlier one's; null where the person has none. */
export type PhotoOf = (userId: string) => string | null;

const PhotosContext = createContext<PhotoOf>(() => null);

export interface PhotosProviderProps {
  people: readonly { userId: string; photo: string | null }[];
  children: ReactNode;
}

export function PhotosProvider({ people, children }: PhotosProviderProps) {
  // As text: the same photos are the same function, and nobody is drawn again for anything else.
  const text = JSON.stringify(people.map(({ userId, photo }) => [userId, photo]));
  const photoOf = useMemo((): PhotoOf => {
    const known = new Map(JSON.parse(text) as [string, string | null][]);
    return (userId) => known.get(userId) ?? null;
  }, [text]);
  return <PhotosContext value={photoOf}>{children}</PhotosContext>;
}

export function usePhotoOf(): PhotoOf {
  return useContext(PhotosContext);
}
