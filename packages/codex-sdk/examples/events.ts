import { createCodex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";

const { APP_URL: connectionString = "" } = process.env;
await using codex = createCodex({ connectionString });
const { creator, viewer } = await makeTestWorkspace(codex);

await creator.ws.campaigns.create({ name: "Launch" });

// Keep the number of the last event you handled: going on from it loses nothing and repeats nothing.
for await (const event of viewer.ws.events.subscribe({ after: 0 })) {
  if (event.type !== "campaign.created") continue;
  console.log(event.number > 0, event.entityId !== null);
  break;
}
