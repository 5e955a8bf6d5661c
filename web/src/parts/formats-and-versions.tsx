import type { ReactNode } from 'react';

interface Format {
  readonly name: string;
  readonly about: string;
}

interface Versions {
  readonly versions: string;
  readonly status: string;
  readonly about: string;
}

/** Formats a data source reads, each with a sentence. */
export function FormatList({ formats }: { readonly formats: readonly Format[] }): ReactNode {
  return (
    <dl className="pairs">
      {formats.map(({ name, about }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="muted">{about}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Versions of a product, and how well each is known. */
export function VersionList({ versions }: { readonly versions: readonly Versions[] }): ReactNode {
  return (
    <dl className="pairs">
      {versions.map((one) => (
        <div key={one.versions}>
          <dt>
            {one.versions} <span className="muted">({one.status})</span>
          </dt>
          <dd className="muted">{one.about}</dd>
        </div>
      ))}
    </dl>
  );
}
