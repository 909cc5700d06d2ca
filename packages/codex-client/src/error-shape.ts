import type { CodexErrorCode, CodexErrorDetail } from "@codex/sdk/errors";

/** What the API says about an error, whatever the door. */
export interface ErrorBody {
  code: CodexErrorCode;
  message: string;
  requestId: string;
  /** Whether the same call may succeed later; nothing was done. */
  retryable: boolean;
  /** What the code brings along. */
  details?: Omit<CodexErrorDetail, "reasons">;
}

/** An error as tRPC carries it. */
export interface RouterErrorShape {
  /** tRPC's number; ours is in `data`. */
  code: number;
  message: string;
  data: ErrorBody & { httpStatus: number };
}
