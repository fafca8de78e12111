/** The public address that a region tried from: the first question of every firewall owner. */
export function Source({ address }: { readonly address: string | null }) {
  return address === null ? <span class="dim">not known</span> : <code>{address}</code>;
}
