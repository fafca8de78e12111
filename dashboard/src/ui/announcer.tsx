import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { incidents } from '../live.ts';
import type { Incident } from '../types.ts';
import { incidentWords } from '../words.ts';

const said = signal('');

/** Has something read aloud when whatever is being read is done. */
export function announce(text: string): void {
  said.value = text;
}

/** Says which incidents have opened and ended since the look before. */
export function Announcer() {
  const before = useRef<ReadonlyMap<string, Incident> | null>(null);
  const open = incidents.value;
  useEffect(() => {
    if (open === null) return;
    const known = new Map(open.map((incident) => [incident.id, incident]));
    if (before.current !== null) {
      const opened = open.filter(({ id }) => !before.current?.has(id));
      const over = [...before.current.values()].filter(({ id }) => !known.has(id));
      const words = [
        ...opened.map((one) => `New incident: ${nameOf(one)} ${incidentWords(one)}`),
        ...over.map((one) => `Over: the incident of ${nameOf(one)}`),
      ];
      if (words.length > 0) announce(words.slice(0, 3).join('. '));
    }
    before.current = known;
  }, [open]);
  return (
    <div class="ear" role="status" aria-live="polite">
      {said.value}
    </div>
  );
}

const nameOf = ({ endpoint, region }: Incident): string => endpoint ?? region ?? 'the deployment';
