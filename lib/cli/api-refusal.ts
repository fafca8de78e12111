/** One field, parameter or header that the API refused (`pointer`: into the body). */
export interface RefusedField {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly message: string;
}

interface RefusalOptions {
  /** Of the answer; null: there was none. */
  readonly status?: number | null;
  readonly errors?: readonly RefusedField[];
  readonly cause?: unknown;
}

/** The API could not be asked, or did not do what it was asked: one line that says what to do. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number | null;
  readonly errors: readonly RefusedField[];

  constructor(message: string, { status = null, errors = [], cause }: RefusalOptions = {}) {
    super(message, { cause });
    this.status = status;
    this.errors = errors;
  }
}
