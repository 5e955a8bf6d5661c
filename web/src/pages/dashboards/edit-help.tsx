import { Fragment, type ReactNode } from 'react';

const help: readonly (readonly [what: string, about: string])[] = [
  ['number', 'title, query; value: p95(duration), distinct(sourceIp) … instead of the number of events'],
  ['trend', 'title, query; by: a field; value; limit: lines'],
  ['ratio', 'title, query; part: the query for a part of them'],
  ['top', 'title, query; by: one field or two; value; limit'],
  ['table', 'title, query; by and values for groups, or columns for events; sort; limit'],
  ['heat', 'title, query'],
  ['map', 'title, query'],
  ['each', 'about: a sentence; width: columns of twelve. A query with a colon stands in quotes.'],
  ['keys', 'Tab leaves the text, Ctrl-] indents it, Ctrl-S saves.'],
];

/** What a text may say, for those who write it. */
export function EditHelp(): ReactNode {
  return (
    <details className="edit-help">
      <summary>What may stand here</summary>
      <dl>
        {help.map(([what, about]) => (
          <Fragment key={what}>
            <dt>
              <code>{what}</code>
            </dt>
            <dd>{about}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
