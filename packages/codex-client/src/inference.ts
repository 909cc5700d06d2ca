import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "./generated/router.ts";

/** What is sent: `Inputs["campaigns"]["create"]`. */
export type Inputs = inferRouterInputs<AppRouter>;
/** What comes back: `Outputs["campaigns"]["list"]`. */
export type Outputs = inferRouterOutputs<AppRouter>;
