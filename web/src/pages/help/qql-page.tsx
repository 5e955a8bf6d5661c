import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Chapter, chapters } from './chapters.ts';
import './qql.css';

/** The query language on one page; every example is a link that runs it. */
export function QqlPage(): ReactNode {
  return (
    <article className="page qql-help">
      <div className="page-head">
        <h1>QQL on one page</h1>
        <div className="actions">
          <Link to="/hunt">To Hunt</Link>
        </div>
      </div>
      <p className="page-lead">
        A query is made of clauses: a field, a colon, a value. An empty query finds everything. Click an example to run
        it.
      </p>
      <div className="qql-chapters">
        {chapters.map((chapter) => (
          <ChapterView key={chapter.title} chapter={chapter} />
        ))}
      </div>
    </article>
  );
}

function ChapterView({ chapter: { title, about, examples } }: { readonly chapter: Chapter }): ReactNode {
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="body">
        <p>{about}</p>
        <dl>
          {examples.map(({ query, means }) => (
            <div key={query}>
              <dt>
                <Link to="/hunt" search={{ q: query, from: '', to: '' }}>
                  <code>{query}</code>
                </Link>
              </dt>
              <dd className="muted">{means}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
