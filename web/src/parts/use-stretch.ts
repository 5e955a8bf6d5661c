import { type KeyboardEvent, type PointerEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** A chart over time in which a stretch is chosen with the pointer or the keys. */
export interface Stretch {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Pixels of the plot; 0 until it is laid out. */
  readonly width: number;
  /** Pixels of one bucket. */
  readonly step: number;
  /** First and last bucket that are chosen, or the one under the pointer. */
  readonly chosen: readonly [first: number, last: number] | undefined;
  /** What the element of the plot listens to. */
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onPointerLeave: () => void;
    readonly onDoubleClick: () => void;
  };
}

/** How wide a box is, whatever becomes of the window; 0 until it is there. */
export function useWidth(): readonly [box: RefObject<HTMLDivElement | null>, width: number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

/** Lets a stretch of buckets be chosen: drawn with the pointer, or with the arrow keys and Shift; Enter zooms into it. */
export function useStretch(
  buckets: readonly { readonly from: number }[],
  intervalMs: number,
  onZoom: ((from: number, to: number) => void) | undefined,
): Stretch {
  const [box, width] = useWidth();
  const [at, setAt] = useState<number>();
  const [anchor, setAnchor] = useState<number>();
  const [drawing, setDrawing] = useState(false);

  const step = buckets.length === 0 ? 0 : width / buckets.length;
  const chosen: readonly [number, number] | undefined =
    at === undefined ? undefined : [Math.min(at, anchor ?? at), Math.max(at, anchor ?? at)];

  function bucketAt(event: PointerEvent): number {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(buckets.length - 1, Math.floor((event.clientX - left) / step)));
  }

  function zoom(): void {
    const first = chosen === undefined ? undefined : buckets[chosen[0]];
    const last = chosen === undefined ? undefined : buckets[chosen[1]];
    if (first !== undefined && last !== undefined) onZoom?.(first.from, last.from + intervalMs);
    leave();
  }

  function move(by: 1 | -1, extend: boolean): void {
    const next = Math.max(0, Math.min(buckets.length - 1, (at ?? (by > 0 ? -1 : buckets.length)) + by));
    setAnchor(extend ? (anchor ?? at ?? next) : undefined);
    setAt(next);
  }

  function leave(): void {
    setAt(undefined);
    setAnchor(undefined);
  }

  const acts: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowRight: ({ shiftKey }) => move(1, shiftKey),
    ArrowLeft: ({ shiftKey }) => move(-1, shiftKey),
    ...(at === undefined ? {} : { Enter: zoom, Escape: leave }),
  };

  return {
    box,
    width,
    step,
    chosen,
    handlers: {
      onKeyDown: (event) => {
        const act = acts[event.key];
        if (act === undefined) return;
        act(event);
        event.preventDefault();
        event.stopPropagation();
      },
      onBlur: () => setAt(undefined),
      onPointerDown: (event) => {
        if (onZoom === undefined || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const bucket = bucketAt(event);
        setDrawing(true);
        setAnchor(bucket);
        setAt(bucket);
      },
      onPointerMove: (event) => setAt(bucketAt(event)),
      onPointerUp: () => {
        if (!drawing) return;
        setDrawing(false);
        if (chosen !== undefined && chosen[0] !== chosen[1]) zoom();
        else setAnchor(undefined);
      },
      onPointerCancel: () => setDrawing(false),
      onPointerLeave: () => {
        if (!drawing) setAt(undefined);
      },
      onDoubleClick: zoom,
    },
  };
}
