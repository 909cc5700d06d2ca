import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { send } from "./answer.ts";
import type { ReadinessProbe } from "./readiness.ts";

/** What operators ask, at a port that is not for apps. */
export async function serveAdmin(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { probe, registry }: { probe: ReadinessProbe; registry: Registry },
): Promise<void> {
  switch (request.url) {
    case "/livez":
      return send(response, { status: 200, body: '{"live":true}' });
    case "/readyz": {
      const readiness = await probe.look();
      const status = readiness.ready ? 200 : 503;
      return send(response, { status, body: JSON.stringify(readiness) });
    }
    case "/metrics":
      return send(response, {
        status: 200,
        body: await registry.metrics(),
        type: registry.contentType,
      });
    default:
      return send(response, { status: 404, body: '{"message":"/livez, /readyz, /metrics"}' });
  }
}
