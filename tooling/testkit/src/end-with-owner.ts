// Loaded into a program of a test before it begins. Its standard input is a pipe that the test holds: when it closes,
// the test has ended, also by a kill, and nobody else would end the program.
import type { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

// Its threads load this as well.
if (isMainThread) {
  const owner = process.stdin as Socket; // a pipe
  owner.once("end", () => process.kill(process.pid, "SIGKILL"));
  owner.resume();
  owner.unref();
}
