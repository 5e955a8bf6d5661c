import type { ReactNode } from 'react';

/** Outlines on a grid of sixteen. */
const paths = {
  overview: 'M2 9h3l2-6 3 10 2-4h2',
  hunt: 'M7 2.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 0 0 0-9M10.500 10.500l3.500 3.500',
  entities: 'M8 2a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5M3 14c0-3 2-5 5-5s5 2 5 5',
  profiles: 'M3 4h10M3 8h10M3 12h10M6 2.500v3M10 6.500v3M5 10.500v3',
  agents: 'M2 2.500h12v4H2zM2 9.500h12v4H2zM4.500 4.500h.1M4.500 11.500h.1',
  enrollment: 'M10.500 2a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7M8 8l-6 6M4 12l2 2',
  dashboards: 'M2 2h5v7H2zM9 2h5v4H9zM9 8h5v6H9zM2 11h5v3H2z',
  sources: 'M8 2c3 0 5 .8 5 2s-2 2-5 2-5-.8-5-2 2-2 5-2M3 4v8c0 1.200 2 2 5 2s5-.8 5-2V4M3 8c0 1.200 2 2 5 2s5-.8 5-2',
  enrichment: 'M8 2v12M2 8h12M4 4l8 8M12 4l-8 8',
  'dead-letters': 'M2 4h12v9H2zM2 4l6 5 6-5',
  retention: 'M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12M8 5v3.500l2.500 1.500',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  users:
    'M6 3a2.200 2.200 0 1 0 0 4.400a2.200 2.200 0 0 0 0-4.400M1.500 13.500c0-2.600 1.900-4.300 4.500-4.300s4.500 1.700 4.500 4.300M10.500 3.300a2.200 2.200 0 0 1 0 4M12 9.600c1.600.6 2.500 2 2.500 3.900',
  audit: 'M3 2h10v12H3zM5.500 5.500h5M5.500 8h5M5.500 10.500h3',
  help: 'M8 2a6 6 0 1 0 0 12a6 6 0 0 0 0-12M6 6.500c0-1.200.9-2 2-2s2 .8 2 1.800c0 1.400-2 1.500-2 3M8 11.200v.3',
  fold: 'M10 3L5 8l5 5',
  unfold: 'M6 3l5 5-5 5',
  more: 'M3 8h.1M8 8h.1M13 8h.1',
} as const;

export type IconName = keyof typeof paths;

/** A small outline; always beside its word, or named by what holds it. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.5 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
