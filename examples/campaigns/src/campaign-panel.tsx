import { useCodex } from "@codex/client/react-query";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { ReactNode } from "react";
import { NewQuest } from "./new-quest.tsx";
import { Problem } from "./problem.tsx";
import { Progress } from "./progress.tsx";
import { QuestTree } from "./quest-tree.tsx";

/** One campaign with its quests; without an id, a word on how to open one. */
export function CampaignPanel({ id }: { id: string | undefined }): ReactNode {
  if (id === undefined)
    return (
      <section className="card empty" aria-label="Open campaign">
        <p className="quiet">Open a campaign to see its quests.</p>
      </section>
    );
  return <Open id={id} />;
}

function Open({ id }: { id: string }): ReactNode {
  const codex = useCodex();
  // Three questions, one request; and two again now and then, for progress alone leaves no event.
  const refetchInterval = 5_000;
  const campaign = useQuery(codex.campaigns.get.queryOptions({ id }));
  const rollup = useQuery(codex.campaigns.rollup.queryOptions({ id }, { refetchInterval }));
  const tree = useQuery(codex.quests.tree.queryOptions({ campaignId: id }, { refetchInterval }));
  const heading = useId();
  return (
    <section className="card stack" aria-labelledby={heading}>
      <header className="stack tight">
        <h2 id={heading}>{campaign.data?.name ?? "…"}</h2>
        {rollup.data !== undefined && (
          <>
            <Progress label="Progress of the campaign" value={rollup.data.progress} />
            <p className="quiet">
              {rollup.data.quests.completed} of {rollup.data.quests.total} quests done ·{" "}
              {rollup.data.health.replaceAll("_", " ")}
            </p>
          </>
        )}
      </header>
      <Problem error={campaign.error ?? rollup.error ?? tree.error} />
      {tree.data?.length === 0 && <p className="quiet">No quests yet.</p>}
      {tree.data !== undefined && <QuestTree nodes={tree.data} />}
      <NewQuest campaignId={id} nodes={tree.data ?? []} />
    </section>
  );
}
