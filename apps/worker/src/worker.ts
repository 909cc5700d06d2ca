import { createCodex } from "@codex/sdk";
import type { Settings } from "./env.ts";

/** Background work under way. */
export interface Worker {
  close(): Promise<void>;
}

export function startWorker({ DATABASE_URL: connectionString }: Settings): Worker {
  const codex = createCodex({ connectionString, service: { connectionString } });
  const alive = setInterval(() => {}, 60_000);
  return {
    close: async () => {
      clearInterval(alive);
      await codex.close();
    },
  };
}
