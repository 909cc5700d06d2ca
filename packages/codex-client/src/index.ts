export type { AppRouter } from "./generated/router.ts";
export { contractVersion } from "./generated/router.ts";
