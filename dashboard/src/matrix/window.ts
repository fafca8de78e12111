import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Window {
  readonly first: number;
  readonly end: number;
}

/** Rows that are drawn beyond the edges, so that Tab and a quick wheel find the next one there. */
const BEYOND = 8;

/** Which of `count` rows of one height are to be seen where the page is scrolled to. */
export function useWindow(body: RefObject<HTMLElement | null>, count: number, rowPx: number): Window {
  const [seen, setSeen] = useState<Window>({ first: 0, end: 30 });
  useLayoutEffect(() => {
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / rowPx) - BEYOND);
      const end = Math.ceil((innerHeight - top) / rowPx) + BEYOND;
      setSeen((before) => (before.first === first && before.end === end ? before : { first, end }));
    };
    const soon = (): void => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [body, rowPx]);
  const end = Math.max(0, Math.min(count, seen.end));
  return { first: Math.min(seen.first, Math.max(0, end - 1)), end };
}
