/** Writes an answer as it came with `--json` (for people where they look, in one line elsewhere), and what `text` makes of it without. */
export function print(
  { json }: { readonly json: boolean },
  answer: unknown,
  text: (columns: number) => string,
): void {
  const { stdout } = process;
  const shown = json ? JSON.stringify(answer, null, stdout.isTTY ? 2 : undefined) : text(columnsOf(stdout));
  stdout.write(`${shown}\n`);
}

/** Where nobody looks nothing is narrowed. */
const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number => (isTTY && columns ? columns : 200);
