import { judgeWatch, type Look, type WatchResult } from '../../lib/incident/watch.ts';
import type { RegionFacts } from '../../lib/incident/watch-region.ts';
import { NOTHING_WATCHED, type WatchState, type WatchTransition } from '../../lib/incident/watch-state.ts';

const START_MS = Date.UTC(2026, 10, 20, 3, 0, 0);

/** Two regions that note, a clock, and the judge of the watching, whose alerts are told as soon as they are decided. */
export class WatchLife {
  now = START_MS;
  state: WatchState = NOTHING_WATCHED;
  regions: readonly string[] = ['a', 'b'];
  intervalSeconds: number | null | undefined;
  looks: readonly Look[] = [];
  readonly told: WatchTransition[] = [];
  readonly #records = new Map<string, RegionFacts>();

  constructor({ intervalSeconds = 60 }: { readonly intervalSeconds?: number | null } = {}) {
    this.intervalSeconds = intervalSeconds;
    for (const region of this.regions) this.sign(region, true);
    this.judge();
  }

  pass(seconds: number): this {
    this.now += seconds * 1000;
    return this;
  }

  /** As the store keeps what is noted; see test/store/region.test.ts. */
  sign(region: string, healthy: boolean | null, controls: RegionFacts['controls'] = null): this {
    const before = this.#records.get(region);
    const run = before?.health?.healthy === healthy ? before?.health : null;
    const health =
      healthy === null ? (before?.health ?? null) : { healthy, since: run?.since ?? this.now, at: this.now };
    this.#records.set(region, {
      region,
      notedAt: this.now,
      health,
      controls: controls ?? before?.controls ?? null,
    });
    return this;
  }

  forget(region: string): void {
    this.#records.delete(region);
  }

  again(): WatchResult {
    return judgeWatch({
      state: this.state,
      deployedRegions: this.regions,
      records: [...this.#records.values()],
      intervalSeconds: this.intervalSeconds,
      now: this.now,
    });
  }

  /** @returns what it tells: event, kind, region. */
  judge(): string[] {
    const { state, looks } = this.again();
    const told = state.outbox.map(({ transition }) => transition);
    this.state = { ...state, outbox: [] };
    this.looks = looks;
    this.told.push(...told);
    return told.map(({ event, finding }) => `${event} ${finding.kind} ${finding.region}`);
  }

  /** Judges each minute; the regions of which this says so note that all is well. */
  minutes(count: number, notes: (record: { readonly region: string }) => boolean): string[] {
    return Array.from({ length: count }, () => {
      this.pass(60);
      for (const region of this.regions) if (notes({ region })) this.sign(region, true);
      return this.judge();
    }).flat();
  }
}
