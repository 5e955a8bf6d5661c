import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldOf, findLabel } from '#event';
import { type LookUpAnswer, lookUp } from '../../api/enrichment.ts';
import { showValue, textsOf } from '../../api/event-value.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Failure } from '../../parts/states.tsx';

const kindWords: Readonly<Record<string, string>> = { address: 'The address', dn: 'The DN', host: 'The host name' };

/** What an address, a DN or a host name would get, and which file says so. */
export function LookUp(): ReactNode {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const answer = useQuery({
    queryKey: ['enrichment', 'look-up', asked],
    queryFn: ({ signal }) => lookUp(asked, signal),
    enabled: asked !== '',
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted === asked) void answer.refetch();
    else setAsked(wanted);
  }
  return (
    <section className="panel" aria-label="Look up">
      <form className="body context-look-up" onSubmit={submit}>
        <input
          type="search"
          className="text-field"
          aria-label="Address, DN or host name"
          placeholder="What would an address, a DN or a host name get?"
          maxLength={8_192}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          disabled={text.trim() === ''}
          loading={answer.isFetching && asked !== ''}
        >
          Look up
        </Button>
      </form>
      <div aria-live="polite" className="context-answer">
        {asked === '' ? null : answer.error !== null ? (
          <Failure error={answer.error} what="It cannot be looked up" retry={() => void answer.refetch()} />
        ) : answer.data === undefined ? (
          <Bones rows={3} />
        ) : (
          <Answer answer={answer.data} />
        )}
      </div>
    </section>
  );
}

function Answer({ answer }: { readonly answer: LookUpAnswer }): ReactNode {
  const { kind, value, added, remarks } = answer;
  const labels = Object.keys(added);
  return (
    <>
      <p>
        {kindWords[kind] ?? 'It'} <InertText text={value} />{' '}
        {labels.length === 0 ? 'gets nothing: no file says anything about it.' : 'gets, as of now:'}
      </p>
      {labels.length > 0 && (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th>Label</th>
                <th>Value</th>
                <th>Says who</th>
              </tr>
            </thead>
            <tbody>
              {labels.map((label) => (
                <tr key={label}>
                  <td title={aboutOf(label)}>
                    <bdi>{showText(label)}</bdi>
                  </td>
                  <td>
                    <InertText text={textsOf(added, label).join(', ')} />
                  </td>
                  <td className="muted">
                    <bdi>{showText(sayers(answer, label).join(', '))}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {remarks.map((remark) => (
        <p key={remark} className="muted">
          <bdi>{showText(remark)}</bdi>
        </p>
      ))}
    </>
  );
}

function aboutOf(label: string): string {
  const known = findLabel(label);
  return known === undefined ? '' : fieldOf(known).about;
}

/** Files that say what the label has; where none does by itself, several do together. */
function sayers({ added, parts }: LookUpAnswer, label: string): string[] {
  const value = showValue(added[label]);
  const exact = parts.filter((part) => showValue(part.added[label]) === value);
  const some = exact.length > 0 ? exact : parts.filter((part) => part.added[label] !== undefined);
  if (some.length === 0) return ['several files together'];
  return some.map(({ kind, source }) => (kind === 'built-in' ? 'built in' : source));
}
