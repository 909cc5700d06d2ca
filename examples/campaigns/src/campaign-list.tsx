import type { Campaign } from "@codex/client";
import { useCodex } from "@codex/client/react-query";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { ReactNode, SubmitEvent } from "react";
import { Problem } from "./problem.tsx";

interface CampaignListProps {
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** The newest campaigns, and a line to make another. */
export function CampaignList({ openId, onOpen }: CampaignListProps): ReactNode {
  const codex = useCodex();
  const { data, error, isPending } = useQuery(codex.campaigns.list.queryOptions({ first: 50 }));
  const heading = useId();
  return (
    <section className="card stack" aria-labelledby={heading}>
      <h2 id={heading}>Campaigns</h2>
      <NewCampaign onMade={onOpen} />
      <Problem error={error} />
      {isPending && <p className="quiet">Loading…</p>}
      {data?.items.length === 0 && <p className="quiet">None yet. Name the first one above.</p>}
      <ul className="list">
        {data?.items.map((campaign) => (
          <li key={campaign.id}>
            <Entry campaign={campaign} isOpen={campaign.id === openId} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({
  campaign: { id, name, status },
  isOpen,
  onOpen,
}: {
  campaign: Campaign;
  isOpen: boolean;
  onOpen: (id: string) => void;
}): ReactNode {
  return (
    <button type="button" className="entry" aria-pressed={isOpen} onClick={() => onOpen(id)}>
      <span className="name">{name}</span>
      <span className={`tag ${status}`}>{status}</span>
    </button>
  );
}

function NewCampaign({ onMade }: { onMade: (id: string) => void }): ReactNode {
  const codex = useCodex();
  const [name, setName] = useState("");
  const make = useMutation(
    codex.campaigns.create.mutationOptions({
      onSuccess: ({ id }) => {
        setName("");
        onMade(id);
      },
    }),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    make.mutate({ name });
  };
  return (
    <form onSubmit={submit} className="stack tight">
      <div className="line">
        <input
          aria-label="Name of the new campaign"
          placeholder="New campaign"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="primary" disabled={make.isPending}>
          Create
        </button>
      </div>
      <Problem error={make.error} />
    </form>
  );
}
