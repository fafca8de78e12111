/** The user asked for something that cannot be: its message is one line that names the option and the remedy; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The text of anything thrown, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error (`EADDRINUSE`), null when it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
