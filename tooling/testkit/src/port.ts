import { createServer } from "node:net";

/** A port of 127.0.0.1 that was free a moment ago; somebody else may take it before it is used. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", done);
  });
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port of 127.0.0.1");
  return address.port;
}
