import type { Event } from "@codex/client";
import { useId } from "react";
import type { ReactNode } from "react";
import type { Live } from "./live.ts";
import { Problem } from "./problem.tsx";

/** What happened since the page was opened, newest first. */
export function Feed({ live: { events, error, connection } }: { live: Live }): ReactNode {
  const heading = useId();
  return (
    <section className="card stack feed" aria-labelledby={heading}>
      <h2 id={heading}>What happens</h2>
      {connection !== "live" && <Problem error={error} />}
      {events.length === 0 && (
        <p className="quiet">Changes of the whole workspace appear here as they happen.</p>
      )}
      <ol className="list" aria-label="Events">
        {events.map((event) => (
          <Entry key={event.number} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ event: { number, type, createdAt } }: { event: Event }): ReactNode {
  const [what = type, happened = ""] = type.split(".");
  return (
    <li className="event">
      <span>
        <strong>{what.replaceAll("_", " ")}</strong> {happened.replaceAll("_", " ")}
      </span>
      <time dateTime={createdAt}>
        #{number} · {new Date(createdAt).toLocaleTimeString()}
      </time>
    </li>
  );
}
