import type { Status } from '../types.ts';
import { Time } from '../ui/time.tsx';
import { ruleWords } from '../words.ts';
import type { Asked } from './check-now.ts';
import { Ladder } from './ladder.tsx';

interface CheckResultOptions {
  readonly asked: Asked;
  readonly handshake: Status['endpoint']['handshake'];
}

/** What the regions see now, as it comes in. It changes nothing of what is judged. */
export function CheckResult({ asked: { check, busy, trouble }, handshake }: CheckResultOptions) {
  if (trouble !== null) {
    return (
      <p class="notice bad" role="alert">
        {trouble}
      </p>
    );
  }
  if (!check) return busy ? <p class="notice">Asking the regions…</p> : null;
  const answered = check.regions.filter(({ answer }) => answer === 'answered');
  const waiting = check.regions.filter(({ answer }) => answer === 'pending').map(({ region }) => region);
  const silent = check.regions.filter(({ answer }) => answer === 'no_answer').map(({ region }) => region);
  const failing = answered.filter(({ outcome }) => outcome !== 'ok').map(({ region }) => region);
  return (
    <section aria-labelledby="check">
      <div class="section-head">
        <h2 id="check">Checked now{check.rule === null ? '' : `: ${ruleWords(check.rule, failing)}`}</h2>
        <span class="dim">
          <Time at={check.at} /> · <code>parallax check --id {check.id}</code>
        </span>
      </div>
      {answered.length > 0 && <Ladder reports={answered} handshake={handshake} />}
      {waiting.length > 0 && <p class="dim">Waiting for {waiting.join(', ')}…</p>}
      {silent.length > 0 && <p class="bad">No answer within 15 s: {silent.join(', ')}</p>}
    </section>
  );
}
