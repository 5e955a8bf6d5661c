import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  type ContextKind,
  type EnrichmentState,
  type FileName,
  getContextKinds,
  getEnrichment,
} from '../../api/enrichment.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Bones, Failure } from '../../parts/states.tsx';
import { KindGroup } from './kind-group.tsx';
import { LookUp } from './look-up.tsx';
import './enrichment.css';

const refreshMs = 15_000;

/** Kinds that belong together, in the order people ask: where is it, who is it, what is known against it. */
const groups: readonly (readonly [title: string, kinds: readonly string[]])[] = [
  ['Addresses and hosts', ['zones', 'assets', 'geography']],
  ['People and services', ['identities', 'groups', 'privileged-groups', 'replica-dns', 'root-dns']],
  ['Intelligence', ['intelligence', 'intelligence-lists', 'intelligence-ignore']],
];

/** Which knowledge about addresses and people is in use, how fresh it is, what is wrong with it; and changing it. */
export function EnrichmentPage(): ReactNode {
  const state = useQuery({
    queryKey: ['enrichment'],
    queryFn: ({ signal }) => getEnrichment(signal),
    refetchInterval: refreshMs,
  });
  const kinds = useQuery({
    queryKey: ['enrichment-kinds'],
    queryFn: ({ signal }) => getContextKinds(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const error = state.data === undefined ? (state.error ?? kinds.error) : kinds.error;
  function retry(): void {
    void state.refetch();
    void kinds.refetch();
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1>Enrichment</h1>
      </div>
      <p className="page-lead">
        What is added to events from elsewhere: where an address is, whose host, who a DN is, which list warns of it. It
        is added as events come in, and stored with them.
      </p>
      {error !== null ? (
        <Failure error={error} what="The enrichment cannot be shown" retry={retry} />
      ) : state.data === undefined || kinds.data === undefined ? (
        <Bones rows={6} />
      ) : (
        <Context state={state.data} kinds={kinds.data} />
      )}
    </div>
  );
}

function Context({
  state,
  kinds,
}: {
  readonly state: EnrichmentState;
  readonly kinds: readonly ContextKind[];
}): ReactNode {
  const may = useMay('enrichment:write');
  const [open, setOpen] = useState<FileName>();
  const paths = new Set(state.files.map(({ path }) => path));
  return (
    <>
      {state.notices
        .filter(({ file }) => !paths.has(file))
        .map(({ code, file, sentence, hint }) => (
          <p key={`${code} ${file} ${sentence}`} className="notice" role="alert">
            <InertText text={sentence} /> <span className="muted">{hint}</span> <code className="muted">{code}</code>
          </p>
        ))}
      <Changeable state={state} may={may} />
      <LookUp />
      {groups.map(([title, names]) => (
        <KindGroup
          key={title}
          title={title}
          kinds={names.flatMap((name) => kinds.find(({ kind }) => kind === name) ?? [])}
          state={state}
          may={may && state.writable}
          open={open}
          onOpen={setOpen}
        />
      ))}
      <p className="muted">
        {countOf(state.events, 'event')} enriched since the server started;{' '}
        <Link to="/hunt" search={{ q: 'enrichmentStatus: partial', from: '', to: '' }}>
          {formatCount(state.partial)}
        </Link>{' '}
        of them in part only, because a file could not be read.
      </p>
    </>
  );
}

/** Why nothing can be changed, where that is so. */
function Changeable({ state, may }: { readonly state: EnrichmentState; readonly may: boolean }): ReactNode {
  if (!may) return <p className="muted">Your role may look at these files, and not change them.</p>;
  if (state.folder === undefined) {
    return (
      <p className="notice">
        This server has no folder for these files. Start it with <code>--enrich DIR</code>, or set{' '}
        <code>enrich.folder</code>.
      </p>
    );
  }
  if (state.writable) return null;
  return (
    <p className="notice">
      The server may not write into <InertText text={state.folder} />, so nothing can be uploaded. Give its user the
      right to, or put files there yourself.
    </p>
  );
}
