import { createCodex, isCodexError } from "@codex/sdk";

const { APP_URL: connectionString = "" } = process.env; // a login that is a member of codex_app
await using codex = createCodex({ connectionString });
await codex.check(); // refuses an unfit database or login, with every reason at once

// Who somebody is, and the workspace that they own.
const ada = await codex.people.ensure({
  issuer: "https://login.example.com",
  subject: "ada",
  name: "Ada",
});
const slug = `acme-${Date.now()}`;
const { id } = await codex.workspaces.create({ name: "Acme", slug, ownerId: ada.id });

// No round trip yet. Each call from here on is one, inside this workspace and as this person.
const ws = codex.workspace(id, { userId: ada.id });
const campaign = await ws.campaigns.create(
  { name: "Launch", startDate: "2027-01-15", budget: { amountMinor: 250_000n, currency: "EUR" } },
  { idempotencyKey: `launch of ${slug}` }, // sent again, it gives the same campaign
);

// All of it or nothing.
await ws.transaction(async (tx) => {
  const write = await tx.quests.create(campaign.id, { name: "Write the page" });
  const ship = await tx.quests.create(campaign.id, { name: "Ship it" });
  await tx.quests.dependsOn(ship.id, write.id);
});

// One edit wins; the other learns the version there is.
try {
  await ws.campaigns.update(campaign.id, { name: "Big launch" }, { expectedVersion: 7 });
} catch (error) {
  if (!isCodexError(error, "StaleVersion")) throw error;
  console.log(`it is at version ${error.currentVersion}`);
}

// Await a page, or walk them all.
const page = await ws.campaigns.list({ first: 20, filter: { status: "draft" } });
for await (const { name } of ws.campaigns.list()) console.log(name);

// Independent calls, one round trip.
const [tree, rollup] = await ws.batch((b) => [
  b.quests.tree(campaign.id),
  b.campaigns.rollup(campaign.id),
]);
console.log(page.items.length, tree.length, rollup.quests.total);
