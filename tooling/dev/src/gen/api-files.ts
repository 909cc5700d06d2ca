import { Failure } from "../failure.ts";
import { runScript } from "../run.ts";

/** What is generated from the router of the API, by the API itself: nobody imports an app. */
export async function apiFiles(): Promise<[path: string, text: string][]> {
  const { code, stdout, stderr } = await runScript("apps/api/src/contract/main.ts", []);
  if (code !== 0) throw new Failure(stderr.trim());
  return Object.entries(JSON.parse(stdout) as Record<string, string>); // our own command's output
}
