/** What a bundle calls koffi's native part, which lies beside it. */
export const NATIVE_FILE = 'koffi.node';
