import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { countLetters, getLetter, type Letter, listLetters, replayLetters } from '../../api/dead-letters.ts';
import { countOf, formatCount } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import type { LettersSearch } from '../../search-state.ts';
import './dead-letters.css';

const pageLetters = 100;
const batchLetters = 1_000;

/** Lines that nobody understood: by reason, one by one, and tried again. */
export function DeadLettersPage(): ReactNode {
  const filter = useSearch({ from: '/dead-letters' });
  const counts = useQuery({ queryKey: ['letters', 'counts'], queryFn: ({ signal }) => countLetters(signal) });
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dead letters</h1>
        <div className="actions">
          <ReplayButton filter={filter} total={matching(counts.data, filter)} />
        </div>
      </div>
      <p className="page-lead">
        Records that could not be decoded or mapped. They are kept as they were; after an update or a fix they can be
        tried again, and become events in their place.
      </p>
      {counts.error !== null ? (
        <Failure error={counts.error} what="The reasons cannot be shown" retry={() => void counts.refetch()} />
      ) : counts.data === undefined ? (
        <Bones rows={4} />
      ) : counts.data.total === 0 ? (
        <div className="panel">
          <Empty title="Every line was understood">
            <p>
              Whatever could not be read would stand here, raw and whole. <Link to="/try">Try a log line</Link> to see
              how one is read.
            </p>
          </Empty>
        </div>
      ) : (
        <>
          <Reasons counts={counts.data.counts} filter={filter} />
          <Letters filter={filter} />
        </>
      )}
    </div>
  );
}

type Counts = Awaited<ReturnType<typeof countLetters>>;

function matching(counts: Counts | undefined, { code, source }: LettersSearch): number {
  return (counts?.counts ?? [])
    .filter((one) => (code === undefined || one.code === code) && (source === undefined || one.source === source))
    .reduce((sum, { count }) => sum + count, 0);
}

function Reasons({ counts, filter }: { readonly counts: Counts['counts']; readonly filter: LettersSearch }): ReactNode {
  return (
    <section className="panel" aria-label="Reasons">
      <header>
        <h2>Reasons</h2>
        {(filter.code !== undefined || filter.source !== undefined) && (
          <Link to="/dead-letters" search={{}}>
            Show all
          </Link>
        )}
      </header>
      <table className="plain-table">
        <tbody>
          {counts.map(({ code, source, count }) => (
            <tr key={`${code} ${source}`} aria-selected={filter.code === code && filter.source === source}>
              <td>
                <Link to="/dead-letters" search={{ code, source }}>
                  <code>{code}</code>
                </Link>
              </td>
              <td className="mono">{source}</td>
              <td className="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Letters({ filter }: { readonly filter: LettersSearch }): ReactNode {
  const { code, source } = filter;
  const query = useInfiniteQuery({
    queryKey: ['letters', 'list', code, source],
    queryFn: ({ pageParam, signal }) => listLetters({ code, source, cursor: pageParam, limit: pageLetters }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const letters = query.data?.pages.flatMap((page) => page.letters) ?? [];
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <section className="panel" aria-label="Letters">
      {query.error !== null ? (
        <Failure error={query.error} what="The letters cannot be shown" retry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Bones rows={6} />
      ) : letters.length === 0 ? (
        <Empty title="None of this kind" />
      ) : (
        <>
          <ul ref={list} className="letters">
            {letters.map((letter) => (
              <LetterRow key={letter.id} letter={letter} isOpen={filter.letter === letter.id} filter={filter} />
            ))}
          </ul>
          {query.hasNextPage && (
            <div className="body">
              <Button
                size="xs"
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function LetterRow({
  letter,
  isOpen,
  filter,
}: {
  readonly letter: Letter;
  readonly isOpen: boolean;
  readonly filter: LettersSearch;
}): ReactNode {
  const navigate = useNavigate();
  const { zone } = usePreferences();
  const { letter: _, ...others } = filter;
  return (
    <li>
      <button
        type="button"
        className="plain letter-row"
        data-row
        aria-expanded={isOpen}
        onClick={() =>
          void navigate({
            to: '/dead-letters',
            search: isOpen ? others : { ...others, letter: letter.id },
            replace: true,
          })
        }
      >
        <RowTime time={letter.time} zone={zone} />
        <span>{letter.reason}</span>
        <InertText text={letter.shown} oneLine />
      </button>
      {isOpen && <LetterDetails id={letter.id} />}
    </li>
  );
}

function LetterDetails({ id }: { readonly id: string }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['letter', id],
    queryFn: ({ signal }) => getLetter(id, signal),
  });
  if (error !== null) return <Failure error={error} what="The letter cannot be shown" retry={() => void refetch()} />;
  if (data === undefined) return <Bones rows={3} />;
  return (
    <div className="letter-details">
      <p>
        <code>{data.code}</code> {data.reason}
      </p>
      <pre>
        <InertText text={data.shown} />
      </pre>
      <p className="muted">
        In the {data.log} log of {data.source}, stream <code>{data.stream}</code>, generation {data.generation}, at byte{' '}
        {formatCount(data.position)}.
      </p>
      <div className="page-head">
        <Button
          size="xs"
          variant="default"
          renderRoot={(props: object) => <Link {...props} to="/try" search={{ letter: id }} />}
        >
          See where it fails
        </Button>
        <ReplayOne id={id} />
      </div>
    </div>
  );
}

function ReplayOne({ id }: { readonly id: string }): ReactNode {
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => replayLetters({ ids: [id] }),
    onSuccess: ({ events }) => {
      if (events > 0) void client.invalidateQueries({ queryKey: ['letters'] });
    },
  });
  const [still] = replay.data?.remaining ?? [];
  return (
    <>
      <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
        Replay this line
      </Button>
      <span role="status">
        {replay.error?.message}
        {still !== undefined && `Still not understood: ${still.reason}`}
        {replay.data !== undefined && still === undefined && 'It is an event now.'}
      </span>
    </>
  );
}

interface Progress {
  readonly tried: number;
  readonly events: number;
  readonly done: boolean;
}

/** Tries all that match again, a batch at a time, with its progress; it can be stopped between batches. */
function ReplayButton({ filter, total }: { readonly filter: LettersSearch; readonly total: number }): ReactNode {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState<string>();

  async function replayAll(): Promise<void> {
    setProblem(undefined);
    let tried = 0;
    let events = 0;
    let cursor: string | undefined;
    try {
      do {
        const { code, source } = filter;
        const step = await replayLetters({ code, source, cursor, limit: batchLetters });
        tried += step.events + step.remaining.length;
        events += step.events;
        cursor = step.next;
        setProgress({ tried, events, done: cursor === undefined });
      } while (cursor !== undefined);
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : 'It did not work.');
    }
    await client.invalidateQueries({ queryKey: ['letters'] });
    await client.invalidateQueries({ queryKey: ['system'] });
  }

  const running = progress !== undefined && !progress.done && problem === undefined;
  return (
    <>
      <span role="status" className="muted">
        {problem ??
          (progress === undefined
            ? ''
            : `${countOf(progress.tried, 'line')} tried, ${countOf(progress.events, 'event')} made`)}
      </span>
      <Button
        disabled={total === 0}
        loading={running}
        onClick={() => {
          setProgress({ tried: 0, events: 0, done: false });
          void replayAll();
        }}
      >
        Replay {countOf(total, 'line')}
      </Button>
    </>
  );
}
