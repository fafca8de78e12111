import { useState } from 'preact/hooks';
import { api, body, done, messageOf } from '../api.ts';
import { look } from '../live.ts';
import type { Incident } from '../types.ts';
import { announce } from '../ui/announcer.tsx';
import { Time } from '../ui/time.tsx';

const KEY = 'parallax.by';
const HOURS = [
  ['', 'it is over'],
  ['1', '1 hour from now'],
  ['4', '4 hours from now'],
  ['24', '24 hours from now'],
] as const;

/** Says who looks after an incident, or that nobody does any more. */
export function Acknowledge({ incident }: { readonly incident: Incident }) {
  const [said, setSaid] = useState<Incident['acknowledged'] | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const path = { dedupKey: incident.id };
  // The judge takes it in a moment later.
  const acknowledged = said === undefined ? incident.acknowledged : said;
  const act = async (what: () => Promise<Incident['acknowledged']>, words: string): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      setSaid(await what());
      announce(words);
      await look();
    } catch (error) {
      setTrouble(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [by, note, hours] = ['by', 'note', 'hours'].map((name) => String(form.get(name) ?? '').trim());
    if (!by) return;
    localStorage.setItem(KEY, by);
    const until = hours ? { until: new Date(Date.now() + Number(hours) * 3_600_000).toISOString() } : {};
    const asked = api.PUT('/incidents/{dedupKey}/acknowledgement', {
      params: { path },
      body: { by, ...(note ? { note } : {}), ...until },
    });
    void act(() => body(asked), `Acknowledged by ${by}`);
  };
  if (acknowledged) {
    const back = (): Promise<void> =>
      act(
        () =>
          done(api.DELETE('/incidents/{dedupKey}/acknowledgement', { params: { path } })).then(() => null),
        'Not acknowledged any more',
      );
    return (
      <div class="banner good">
        <span>
          <strong>{acknowledged.by}</strong> looks after it
          {acknowledged.note === null ? '' : `: ${acknowledged.note}`}{' '}
          <span class="dim">
            since <Time at={acknowledged.at} />
            {acknowledged.until !== null && (
              <>
                , until <Time at={acknowledged.until} />
              </>
            )}
          </span>
        </span>
        <button type="button" disabled={busy} onClick={() => void back()}>
          Take it back
        </button>
        <Trouble text={trouble} />
      </div>
    );
  }
  return (
    <form class="banner acknowledge" onSubmit={submit}>
      <label>
        <span>Who looks after it</span>
        <input
          name="by"
          required
          maxLength={100}
          autocomplete="name"
          defaultValue={localStorage.getItem(KEY) ?? ''}
        />
      </label>
      <label class="note">
        <span>Note</span>
        <input name="note" maxLength={500} placeholder="what is being done" />
      </label>
      <label>
        <span>No reminders until</span>
        <select name="hours">
          {HOURS.map(([hours, text]) => (
            <option key={hours} value={hours}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary" disabled={busy}>
        Acknowledge
      </button>
      <Trouble text={trouble} />
    </form>
  );
}

const Trouble = ({ text }: { readonly text: string | null }) =>
  text === null ? null : (
    <p class="bad" role="alert">
      {text}
    </p>
  );
