import { logLevel, port, postgresUrl, readVariables, wholeNumber as whole } from "@codex/process";
import { z } from "zod";

const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** What a browser sends as `Origin`: without the scheme it would be read as one, and let in every page without an origin. */
const origin = z
  .url()
  .regex(/^https?:\/\/[^/?#]+\/?$/iu, "takes origins such as https://app.example.com, with commas");

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: postgresUrl,
  SERVICE_DATABASE_URL: postgresUrl,
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port(3000),
  ADMIN_HOST: z.string().min(1).default("127.0.0.1"),
  ADMIN_PORT: port(3001),
  LOG_LEVEL: logLevel,
  CORS_ORIGINS: list.pipe(z.array(origin)).prefault(""),
  TRUSTED_PROXIES: whole(0, 10, 0),
  CURSOR_SECRET: z.string().min(32).optional(),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  JWT_JWKS: z.string().min(1).optional(),
  JWT_ALGORITHMS: list
    .pipe(z.array(z.enum(["ES256", "ES384", "ES512", "EdDSA", "PS256", "RS256"])).min(1))
    .prefault("ES256,EdDSA,RS256"),
  POOL_SIZE: whole(1, 1_000, 10),
  POOL_QUEUE_MAX: whole(0, 10_000, 100),
  POOL_WAIT_MS: whole(1, 60_000, 1_000),
  SERVICE_POOL_SIZE: whole(1, 100, 3),
  CALL_TIMEOUT_MS: whole(100, 600_000, 10_000),
  LOCK_TIMEOUT_MS: whole(1, 60_000, 2_000),
  IN_FLIGHT_MAX: whole(1, 100_000, 200),
  IN_FLIGHT_PER_KEY: whole(1, 100_000, 50),
  IN_FLIGHT_PER_WORKSPACE: whole(1, 100_000, 100),
  IN_FLIGHT_PER_ADDRESS: whole(1, 100_000, 150),
  LOOP_LAG_MAX_MS: whole(10, 60_000, 500),
  RATE_PER_KEY: whole(1, 100_000_000, 6_000),
  RATE_PER_WORKSPACE: whole(1, 100_000_000, 30_000),
  RATE_PER_ADDRESS: whole(1, 100_000_000, 30_000),
  RATE_PER_STRANGER: whole(1, 100_000_000, 300),
  STREAMS_MAX: whole(1, 1_000_000, 5_000),
  STREAMS_PER_WORKSPACE: whole(1, 1_000_000, 1_000),
  STREAMS_PER_KEY: whole(1, 1_000_000, 200),
  STREAMS_PER_ADDRESS: whole(1, 1_000_000, 1_000),
  STREAM_POLL_MS: whole(5, 10_000, 20),
  DRAIN_MS: whole(0, 60_000, 1_000),
  SHUTDOWN_MS: whole(100, 600_000, 8_000),
});

/** Names of all variables that the server reads. */
export const settingNames: readonly string[] = Object.keys(variables.shape);

/** Settings of the server; each variable is described in the README. */
export type Settings = z.output<typeof variables>;

/** Reads the settings. Throws one sentence that names the variable. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const settings = readVariables(variables, environment);
  const { JWT_JWKS, JWT_ISSUER, JWT_AUDIENCE } = settings;
  const tokens = [JWT_JWKS, JWT_ISSUER, JWT_AUDIENCE].filter((value) => value !== undefined);
  if (tokens.length !== 0 && tokens.length !== 3)
    throw new Error(
      "JWT_JWKS, JWT_ISSUER and JWT_AUDIENCE belong together: set all three or none.",
    );
  return settings;
}

/** The environment of this process. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
