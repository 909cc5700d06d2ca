import type { ReactNode } from "react";

/** What went wrong, in the words of whoever refused; nothing while nothing did. */
export function Problem({ error }: { error: unknown }): ReactNode {
  if (error === undefined || error === null) return null;
  const text = error instanceof Error ? error.message : "something went wrong";
  return (
    <p role="alert" className="problem">
      {text.charAt(0).toUpperCase() + text.slice(1)}.
    </p>
  );
}
