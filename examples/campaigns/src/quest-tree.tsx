import type { QuestNode } from "@codex/client";
import { useCodex } from "@codex/client/react-query";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode, SubmitEvent } from "react";
import { Problem } from "./problem.tsx";
import { Progress } from "./progress.tsx";

/** Quests with their parts. Those without parts can be reported on. */
export function QuestTree({ nodes }: { nodes: readonly QuestNode[] }): ReactNode {
  return (
    <ul className="tree">
      {nodes.map((node) => (
        <li key={node.id}>
          <div className="quest">
            <span className="name">{node.name}</span>
            {node.children.length > 0 ? (
              <Progress label={`Progress of ${node.name}`} value={node.progress} />
            ) : (
              <Report key={node.progress} quest={node} />
            )}
          </div>
          {node.children.length > 0 && <QuestTree nodes={node.children} />}
        </li>
      ))}
    </ul>
  );
}

function Report({ quest: { id, name, progress } }: { quest: QuestNode }): ReactNode {
  const codex = useCodex();
  const [current, setCurrent] = useState(Math.round(progress));
  const queryClient = useQueryClient();
  const onSuccess = async (): Promise<void> => {
    await queryClient.invalidateQueries(codex.quests.tree.queryFilter());
    await queryClient.invalidateQueries(codex.campaigns.rollup.queryFilter());
  };
  const report = useMutation(codex.quests.report.mutationOptions({ onSuccess }));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    report.mutate({ id, current });
  };
  return (
    <form onSubmit={submit} className="report">
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        aria-label={`Progress of ${name}`}
        value={current}
        style={{ "--value": `${current}%` } as React.CSSProperties}
        onChange={(event) => setCurrent(Number(event.target.value))}
      />
      <span className="number">{current} %</span>
      <button
        type="submit"
        className="small"
        aria-label={`Report ${name}`}
        disabled={report.isPending || current === Math.round(progress)}
      >
        Report
      </button>
      <Problem error={report.error} />
    </form>
  );
}
