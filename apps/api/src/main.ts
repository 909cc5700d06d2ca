import { environment, readSettings } from "./env.ts";
import { startServer } from "./server.ts";

try {
  const server = await startServer(readSettings(environment));
  server.log.info({ url: server.url, admin: server.adminUrl }, "listening");
  const stop = (signal: string): void => {
    server.log.info({ signal }, "asked to stop");
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  server.fit.catch(async (error: unknown) => {
    say(error);
    await server.close();
    process.exit(1);
  });
} catch (error) {
  say(error);
  process.exitCode = 1;
}

function say(error: unknown): void {
  process.stderr.write(`codex-api: ${error instanceof Error ? error.message : String(error)}\n`);
}
