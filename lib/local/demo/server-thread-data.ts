/** What a server thread is started with. */
export interface ServerThreadData {
  readonly servers: readonly {
    readonly address: string;
    /** 0: any. */
    readonly port: number;
    readonly backlog: number;
    readonly key: string;
    readonly cert: string;
  }[];
  /** The thread stands still from a message to it until this is 0 and somebody notifies. */
  readonly hold: Int32Array<SharedArrayBuffer>;
}
