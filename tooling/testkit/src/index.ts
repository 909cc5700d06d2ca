export { startPostgres } from "./server.ts";
export type { PostgresHost, PostgresServer, ServerAddress, StartOptions } from "./server.ts";
