import { useState } from "react";
import type { ReactNode } from "react";
import { CampaignList } from "./campaign-list.tsx";
import { CampaignPanel } from "./campaign-panel.tsx";
import { Feed } from "./feed.tsx";
import { useLive } from "./live.ts";
import type { Connection } from "./live.ts";

const words: Readonly<Record<Connection, string>> = {
  live: "Live",
  connecting: "Connecting…",
  ended: "Ended",
};

/** Campaigns beside the one that is open, and what happens. */
export function Board({
  workspace,
  onSignOut,
}: {
  workspace: string;
  onSignOut: () => void;
}): ReactNode {
  const live = useLive();
  const [openId, setOpenId] = useState<string>();
  return (
    <>
      <header className="bar">
        <div className="brand">
          <span className="mark" aria-hidden="true">
            C
          </span>
          <strong>{workspace}</strong>
        </div>
        <div className="brand">
          <output className={`state ${live.connection}`} aria-live="polite">
            {words[live.connection]}
          </output>
          <button type="button" className="ghost" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      </header>
      <main className="board">
        <CampaignList openId={openId} onOpen={setOpenId} />
        <CampaignPanel key={openId} id={openId} />
        <Feed live={live} />
      </main>
    </>
  );
}
