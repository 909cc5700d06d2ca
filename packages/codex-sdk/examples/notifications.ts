import { createCodex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";

const { APP_URL: connectionString = "" } = process.env;
await using codex = createCodex({ connectionString });
const { creator, viewer } = await makeTestWorkspace(codex);

// Held at night where the viewer is, unless it is urgent; the inbox has it at once.
const quietHours = [{ from: "22:00", to: "07:00" }];
const channels = { default: ["email" as const], gossip: [] };
await viewer.ws.preferences.set({ timeZone: "Asia/Kathmandu", quietHours, channels });

const to = [viewer.userId]; // or "everyone"
await creator.ws.notifications.send({ to, type: "message", title: "Launched" });
const { skipped } = await creator.ws.notifications.send({
  to,
  type: "message",
  title: "Have you heard?",
  category: "gossip",
});

const { inbox } = viewer.ws.notifications;
const { items, counts } = await inbox.list();
const after = await inbox.markAllRead({ upTo: counts.asOf }); // what came since then stays unread
console.log(items.length, counts.unread, after.counts.unread, skipped[0]?.reason);

for await (const { item } of inbox.subscribe({ after: 0 })) {
  console.log(item.title);
  break;
}
