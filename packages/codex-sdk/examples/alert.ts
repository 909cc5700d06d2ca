import { createCodex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";

const { APP_URL: connectionString = "" } = process.env;
await using codex = createCodex({ connectionString });
const { owner, analyst } = await makeTestWorkspace(codex);

// Opens an alert and tells its people in the same transaction; the same key again only counts.
const { alert, outcome, suppressedBy } = await analyst.ws.alerts.trigger({
  dedupKey: "spend of the spring campaign",
  type: "anomaly",
  severity: "high",
  title: "Spend has doubled",
  labels: { team: "ads" },
});
const { steps } = await analyst.ws.alerts.explain(alert.id, owner.userId);
console.log(outcome, suppressedBy ?? "told", steps.at(-1)?.decision);

await owner.ws.silences.create({
  matchers: [{ label: "team", value: "ads" }],
  endsAt: new Date(Date.now() + 3_600_000),
  comment: "The price list changes today",
});
await analyst.ws.alerts.resolve(alert.id, { note: "The budget was raised" });
