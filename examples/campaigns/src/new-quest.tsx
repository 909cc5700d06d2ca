import type { QuestNode } from "@codex/client";
import { useCodex } from "@codex/client/react-query";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode, SubmitEvent } from "react";
import { Problem } from "./problem.tsx";

interface NewQuestProps {
  readonly campaignId: string;
  readonly nodes: readonly QuestNode[];
}

/** A line to make a quest, alone or as a part of another. */
export function NewQuest({ campaignId, nodes }: NewQuestProps): ReactNode {
  const codex = useCodex();
  const [name, setName] = useState("");
  const [parentId, setParentId] = useState("");
  const make = useMutation(codex.quests.create.mutationOptions({ onSuccess: () => setName("") }));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    make.mutate({ campaignId, name, parentId: parentId === "" ? null : parentId });
  };
  return (
    <form onSubmit={submit} className="stack tight">
      <div className="line">
        <input
          aria-label="Name of the new quest"
          placeholder="New quest"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <select
          aria-label="Part of"
          value={parentId}
          onChange={(event) => setParentId(event.target.value)}
        >
          <option value="">alone</option>
          {nodes.map((node) => (
            <option key={node.id} value={node.id}>
              in {node.name}
            </option>
          ))}
        </select>
        <button type="submit" disabled={make.isPending}>
          Add
        </button>
      </div>
      <Problem error={make.error} />
    </form>
  );
}
