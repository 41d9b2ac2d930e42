// `npm run video:install`: Stream's packages, for who is a customer of Stream. Needed again after each `npm install`.
import { installStreamPackages } from "./video-packages.mjs";

console.log("Stream's packages have a licence of their own, for customers of Stream alone (docs/video.md).");
if (!installStreamPackages()) {
  console.error("They could not be installed: see the messages above.");
  process.exit(1);
}
console.log("They are installed. Set STREAM_API_KEY and STREAM_SECRET, and start again.");
