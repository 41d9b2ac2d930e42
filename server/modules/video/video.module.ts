// The module with its store.
import type mongoose from "mongoose";
import type { VideoService } from "./index.ts";
import { createVideoDeliveriesRepository } from "./video-deliveries.repository.mongo.ts";
import { createVideoService, type VideoOptions } from "./video.service.ts";

/** Registers its job, so it is made before jobs start. */
export async function createVideoModule({
  connection,
  ...options
}: Omit<VideoOptions, "repository"> & { connection: mongoose.Connection }): Promise<VideoService> {
  return createVideoService({ ...options, repository: await createVideoDeliveriesRepository(connection) });
}
