// Runs mongod for a server and ends it when that server is gone, however it went: left alone it would hold its data.
import { spawn } from "node:child_process";

const [program = "", ...args] = process.argv.slice(2);
// What reaches the whole process group: the server says when there is nothing more to write.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
const mongod = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
mongod.once("error", (error) => {
  console.error(`mongod could not be started: ${error.message}`);
  process.exit(1);
});
mongod.once("exit", (code) => process.exit(code ?? 1));
process.stdin.resume().once("close", () => mongod.kill("SIGTERM"));
