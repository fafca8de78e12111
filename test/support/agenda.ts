/** Virtual time: acts in the order of their times, and of their making where those are equal. */
export class Agenda {
  #acts: { readonly at: number; readonly act: (now: number) => void }[] = [];

  add(at: number, act: (now: number) => void): void {
    let low = 0;
    let high = this.#acts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#acts[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#acts.splice(low, 0, { at, act });
  }

  runUntil(end: number): void {
    for (let next = this.#acts.shift(); next && next.at <= end; next = this.#acts.shift()) next.act(next.at);
  }
}
