import { useEffect, useRef } from 'preact/hooks';
import { replaceQuery } from '../route.ts';
import { Shape, STATES } from '../ui/shape.tsx';
import { counts, filter, shown, tags, teams } from './filter.ts';

export function Filters() {
  const { text, tag, team, state } = filter.value;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const all = [...counts.value.values()].reduce((sum, count) => sum + count, 0);
  return (
    <search class="filters">
      <input
        ref={search}
        type="search"
        aria-label="Filter by text"
        aria-keyshortcuts="/"
        placeholder="Filter: name, host, tag, …  ( / )"
        value={text}
        onInput={({ currentTarget }) => replaceQuery({ q: currentTarget.value })}
      />
      <fieldset class="chips">
        <legend class="ear">Filter by state</legend>
        <Chip value="" current={state} count={all} text="all" />
        {STATES.map((one) => (
          <Chip key={one} value={one} current={state} count={counts.value.get(one) ?? 0} text={one}>
            <Shape state={one} label={null} />
          </Chip>
        ))}
      </fieldset>
      <Choice label="tag" value={tag} options={tags.value} />
      <Choice label="team" value={team} options={teams.value} />
      <p class="ear" role="status">
        {shown.value.length} endpoints shown
      </p>
    </search>
  );
}

interface ChipOptions {
  readonly value: string;
  readonly current: string;
  readonly count: number;
  readonly text: string;
  readonly children?: preact.ComponentChildren;
}

function Chip({ value, current, count, text, children }: ChipOptions) {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={current === value}
      disabled={count === 0 && current !== value}
      onClick={() => replaceQuery({ state: current === value ? '' : value })}
    >
      {children}
      {text} <b>{count}</b>
    </button>
  );
}

interface ChoiceOptions {
  readonly label: 'tag' | 'team';
  readonly value: string;
  readonly options: readonly string[];
}

/** A list to choose from; nothing where there is nothing to choose. */
function Choice({ label, value, options }: ChoiceOptions) {
  if (options.length === 0) return null;
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => replaceQuery({ [label]: currentTarget.value })}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
