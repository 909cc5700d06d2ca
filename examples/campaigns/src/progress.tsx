import type { ReactNode } from "react";

/** How far something is, 0 to 100. */
export function Progress({ label, value }: { label: string; value: number }): ReactNode {
  const shown = Math.round(value);
  return (
    <div className="progress">
      <progress aria-label={label} max={100} value={shown} />
      <span className="number">{shown} %</span>
    </div>
  );
}
