interface NoticeOptions {
  readonly loading: boolean;
  readonly message: string | null;
  /** After "Reading" and "cannot be read". */
  readonly what: string;
}

/** Says that something is being read, or why it cannot be; nothing when it is there. */
export function Notice({ loading, message, what }: NoticeOptions) {
  if (message !== null) {
    return (
      <p class="notice bad" role="alert">
        {loading ? '' : 'This is from before. '}
        {message}
      </p>
    );
  }
  return loading ? <p class="notice">Reading {what}…</p> : null;
}
