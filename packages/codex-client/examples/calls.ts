import { createCodexClient, isCodexError } from "@codex/client";

const { API_URL: url = "http://127.0.0.1:3000", API_KEY: apiKey = "" } = process.env;
const codex = createCodexClient({ url, apiKey });

// Once, whatever happens on the way: every try has the same key.
const campaign = await codex.campaigns.create.mutate({
  name: "Launch",
  startDate: "2027-01-15",
  budget: { amountMinor: 250_000, currency: "EUR" },
});
await codex.quests.create.mutate({ campaignId: campaign.id, name: "Write the page" });

// Asked in the same moment, sent as one request.
const [tree, rollup] = await Promise.all([
  codex.quests.tree.query({ campaignId: campaign.id }),
  codex.campaigns.rollup.query({ id: campaign.id }),
]);
console.log(tree.length, rollup.quests.total);

// One edit wins; the other learns the version there is.
try {
  const change = { name: "Big launch" };
  await codex.campaigns.update.mutate({ id: campaign.id, change, expectedVersion: 7 });
} catch (error) {
  if (!isCodexError(error, "StaleVersion")) throw error;
  console.log(`it is at version ${error.currentVersion}`);
}
