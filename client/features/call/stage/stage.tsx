// The left side of the call: a shared screen in front where there is one, and everybody in the call.
import { UsersRound } from "lucide-react";
import { useMemo } from "react";
import type { CallPeer, MediaState } from "../../../../shared/protocol/socket-events.ts";
import type { Participant } from "../../../../shared/schemas/meetings.ts";
import { VideoView } from "../../../media/video-view.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { callStrings } from "../strings.ts";
import type { CallConnectionState, LocalTracks } from "../video/call-connection.ts";
import { companyWords } from "./company.ts";
import { RemoteSound } from "./remote-sound.tsx";
import styles from "./stage.module.css";
import { Tile } from "./tile.tsx";

export interface StageProps {
  me: { id: string; name: string };
  /** Of the meeting, whether they are in the call or not. */
  participants: readonly Participant[];
  myPeerId: string | null;
  peers: readonly CallPeer[];
  connection: CallConnectionState;
  tracks: LocalTracks;
  media: MediaState;
  /** Who only observes shows no tile of their own. */
  showMe: boolean;
}

export function Stage(props: StageProps) {
  const { me, myPeerId, peers, connection, tracks, media, showMe } = props;
  const others = useMemo(() => peers.filter((peer) => peer.peerId !== myPeerId), [peers, myPeerId]);
  const sharing = others.find((peer) => peer.media.screen);
  const remoteScreen =
    sharing === undefined ? null : (connection.remotes.get(sharing.peerId)?.screen ?? null);
  const sounds = others.flatMap((peer) => {
    const audio = connection.remotes.get(peer.peerId)?.audio ?? null;
    return audio === null ? [] : [{ peerId: peer.peerId, audio }];
  });
  const tiles = others.length + (showMe ? 1 : 0);
  const company = companyWords(props.participants, me.id);

  return (
    <section className={styles["stage"]} aria-label={callStrings.people}>
      <RemoteSound tracks={sounds} />
      {sharing !== undefined && remoteScreen !== null ? (
        <figure className={styles["screen"]}>
          <VideoView
            track={remoteScreen}
            label={callStrings.screenOf(sharing.displayName)}
            className={styles["screenPicture"]}
          />
          <figcaption className={styles["caption"]}>{callStrings.screenOf(sharing.displayName)}</figcaption>
        </figure>
      ) : (
        tracks.screen !== null && (
          <figure className={styles["screen"]}>
            <VideoView
              track={tracks.screen}
              label={callStrings.yourScreen}
              className={styles["screenPicture"]}
            />
            <figcaption className={styles["caption"]}>{callStrings.yourScreen}</figcaption>
          </figure>
        )
      )}
      <ul
        className={classNames(styles["tiles"], styles[`of${Math.min(tiles, 4)}`])}
        data-strip={sharing !== undefined || tracks.screen !== null}
      >
        {others.map((peer) => {
          const remote = connection.remotes.get(peer.peerId);
          return (
            <Tile
              key={peer.peerId}
              userId={peer.userId}
              name={peer.displayName}
              mine={false}
              media={peer.media}
              camera={remote?.camera ?? null}
              audio={remote?.audio ?? null}
              link={remote?.link ?? "connecting"}
            />
          );
        })}
        {showMe && (
          <Tile
            userId={me.id}
            name={me.name}
            mine
            media={media}
            camera={tracks.camera}
            audio={tracks.audio}
            link="connected"
          />
        )}
      </ul>
      {others.length === 0 && (
        <p className={styles["alone"]}>
          <UsersRound size={18} aria-hidden />
          <span>
            <strong>{company.title}</strong> {company.why}
          </span>
        </p>
      )}
    </section>
  );
}
