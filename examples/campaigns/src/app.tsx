import { QueryClientProvider } from "@tanstack/react-query";
import { CodexProvider } from "@codex/client/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { Board } from "./board.tsx";
import type { Session } from "./session.ts";
import { SignIn } from "./sign-in.tsx";

/** The page: signed out, or the board of a workspace. */
export function App(): ReactNode {
  const [session, setSession] = useState<Session>();
  if (session === undefined) return <SignIn onSignedIn={setSession} />;
  const { client, queryClient, workspace } = session;
  return (
    <QueryClientProvider client={queryClient}>
      <CodexProvider trpcClient={client} queryClient={queryClient}>
        <Board workspace={workspace} onSignOut={() => setSession(undefined)} />
      </CodexProvider>
    </QueryClientProvider>
  );
}
