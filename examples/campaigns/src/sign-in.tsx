import { useActionState } from "react";
import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";
import { signIn } from "./session.ts";
import type { Session } from "./session.ts";

const local = "http://127.0.0.1:3000";

/** Asks for the API's address and a key, which stays in memory. */
export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }): ReactNode {
  const [error, submit, isPending] = useActionState<unknown, FormData>(async (_, form) => {
    try {
      onSignedIn(await signIn(textOf(form, "url"), textOf(form, "key")));
      return undefined;
    } catch (refused) {
      return refused;
    }
  }, undefined);
  return (
    <main className="sign-in">
      <form action={submit} className="card stack">
        <header>
          <span className="mark" aria-hidden="true">
            C
          </span>
          <h1>Campaigns</h1>
          <p className="quiet">Sign in with an API key of your workspace.</p>
        </header>
        <label className="field">
          <span>API address</span>
          <input name="url" type="url" required defaultValue={local} autoComplete="off" />
        </label>
        <label className="field">
          <span>API key</span>
          <input
            name="key"
            type="password"
            required
            autoComplete="off"
            placeholder="cdx_…"
            spellCheck={false}
          />
        </label>
        <Problem error={error} />
        <button type="submit" className="primary" disabled={isPending}>
          {isPending ? "Signing in…" : "Sign in"}
        </button>
        <p className="hint">The key stays in this page’s memory and is gone when you leave it.</p>
      </form>
    </main>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
