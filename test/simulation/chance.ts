/** Numbers by chance, the same again for the same seed and stream. The generator is sfc32, seeded by splitmix32. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, stream = 0) {
    let state = Math.imul(seed >>> 0, 0x9e37_79b9) ^ Math.imul((stream + 1) >>> 0, 0x85eb_ca6b);
    const mixed = (): number => {
      state = (state + 0x9e37_79b9) | 0;
      let mix = state ^ (state >>> 16);
      mix = Math.imul(mix, 0x21f0_aaad);
      mix ^= mix >>> 15;
      mix = Math.imul(mix, 0x735a_2d97);
      return mix ^ (mix >>> 15);
    };
    this.#a = mixed();
    this.#b = mixed();
    this.#c = mixed();
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return (sum >>> 0) / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** As likely between 20 and 40 as between 1,000 and 2,000. */
  logBetween(from: number, to: number): number {
    return from * (to / from) ** this.next();
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** How many times something of this probability does not happen before it does. */
  misses(probability: number): number {
    if (probability <= 0) return Number.POSITIVE_INFINITY;
    return Math.floor(Math.log(1 - this.next()) / Math.log1p(-probability));
  }

  /** How often something happens that does so this often on average (Poisson). */
  times(mean: number): number {
    let count = 0;
    for (let at = this.exponential(1); at < mean; at += this.exponential(1)) count += 1;
    return count;
  }

  of<T>(some: readonly [T, ...T[]]): T {
    return some[Math.floor(this.next() * some.length)] ?? some[0];
  }

  /** Some of them, at least one and at most this many, in their order. */
  some<T>(all: readonly T[], atMost: number): readonly T[] {
    const wanted = 1 + Math.floor(this.next() * Math.max(1, atMost));
    const shuffled = all.map((one) => ({ one, key: this.next() })).sort((a, b) => a.key - b.key);
    const chosen = new Set(shuffled.slice(0, wanted).map(({ one }) => one));
    return all.filter((one) => chosen.has(one));
  }

  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    throw new Error('no weight is above zero', { cause: { weights } });
  }
}
