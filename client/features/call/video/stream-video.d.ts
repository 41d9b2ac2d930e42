// What the build puts in place of Stream's package: itself where it is installed, else nothing (client/vite.config.ts).
declare module "virtual:stream-video" {
  import type { StreamVideoClientClass } from "./stream-client.ts";

  export const StreamVideoClient: StreamVideoClientClass | null;
}
