import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import {
  getDifference,
  getVersions,
  type Profile,
  type ProfileDifference,
  type ProfileVersion,
  rollBackProfile,
} from '../../api/fleet-profiles.ts';
import { countOf } from '../../parts/format.ts';
import { InertText } from '../../parts/inert-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Failure } from '../../parts/states.tsx';
import { RowTime } from '../../parts/time.tsx';

const shownVersions = 20;
const versionsMax = 1_000;

/** All versions of a profile: who made each, what differs between two, and the way back. */
export function ProfileVersions({ profile }: { readonly profile: Profile }): ReactNode {
  const { id, version: current } = profile;
  const may = useMay('profiles:write');
  const client = useQueryClient();
  const [limit, setLimit] = useState(shownVersions);
  const [pair, setPair] = useState<readonly [from: number, to: number]>();
  const versions = useQuery({
    queryKey: ['profile-versions', id, current, limit],
    queryFn: ({ signal }) => getVersions(id, 0, limit, signal),
    placeholderData: keepPreviousData,
  });
  const back = useMutation({
    mutationFn: (version: number) => rollBackProfile(id, current, version),
    onSuccess: (next) => {
      client.setQueryData(['profile', id], next);
      void client.invalidateQueries({ queryKey: ['rollout', id] });
    },
  });
  const newest = versions.data?.[0]?.version ?? current;
  return (
    <section className="panel" aria-label="Versions">
      <header>
        <h2>Versions</h2>
        <span className="muted">each change makes one; going back makes one, too</span>
      </header>
      <Loaded asked={versions} what="The versions cannot be shown" rows={3}>
        {(shown) => (
          <>
            {back.isSuccess && (
              <p role="status" className="body-line">
                Version {back.data.version} has the content of version {back.variables}.{' '}
                <button type="button" className="plain link" onClick={() => back.mutate(back.data.version - 1)}>
                  Undo
                </button>
              </p>
            )}
            {back.error !== null && (
              <div className="body-line">
                <ProblemLine error={back.error} />
              </div>
            )}
            <VersionTable
              versions={shown}
              current={newest}
              onCompare={(version) => setPair([version, newest])}
              onBack={may ? (version) => back.mutate(version) : undefined}
            />
            {shown.length >= limit && limit < versionsMax && (
              <div className="body-line">
                <Button size="xs" variant="default" onClick={() => setLimit(versionsMax)}>
                  Show all
                </Button>
              </div>
            )}
            {pair !== undefined && (
              <Difference id={id} versions={shown} pair={pair} onPair={setPair} onClose={() => setPair(undefined)} />
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function VersionTable({
  versions,
  current,
  onCompare,
  onBack,
}: {
  readonly versions: readonly ProfileVersion[];
  readonly current: number;
  readonly onCompare: (version: number) => void;
  readonly onBack: ((version: number) => void) | undefined;
}): ReactNode {
  const { zone } = usePreferences();
  return (
    <div className="scroll-x">
      <table className="plain-table versions">
        <thead>
          <tr>
            <th>Version</th>
            <th>When</th>
            <th>By</th>
            <th>What</th>
            <th>
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, createdAt, createdBy, remark }) => (
            <tr key={version}>
              <td>{version}</td>
              <td>
                <RowTime time={createdAt} zone={zone} />
              </td>
              <td>
                <bdi>{showText(createdBy)}</bdi>
              </td>
              <td className="wrap">
                <bdi>{showText(remark)}</bdi>
              </td>
              <td className="end">
                {version !== current && (
                  <span className="line end">
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Compare version ${version} with version ${current}`}
                      onClick={() => onCompare(version)}
                    >
                      Compare
                    </Button>
                    {onBack !== undefined && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Roll back to version ${version}`}
                        onClick={() => onBack(version)}
                      >
                        Roll back
                      </Button>
                    )}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Difference({
  id,
  versions,
  pair,
  onPair,
  onClose,
}: {
  readonly id: string;
  readonly versions: readonly ProfileVersion[];
  readonly pair: readonly [from: number, to: number];
  readonly onPair: (pair: readonly [from: number, to: number]) => void;
  readonly onClose: () => void;
}): ReactNode {
  const [from, to] = pair;
  const { data, error, refetch } = useQuery({
    queryKey: ['profile-difference', id, from, to],
    queryFn: ({ signal }) => getDifference(id, from, to, signal),
  });
  const choices = versions.map(({ version }) => ({ value: String(version), label: `version ${version}` }));
  return (
    <section className="difference" aria-label="Difference">
      <div className="line">
        <NativeSelect
          label="From"
          data={choices}
          value={String(from)}
          onChange={(event) => onPair([Number(event.currentTarget.value), to])}
        />
        <NativeSelect
          label="To"
          data={choices}
          value={String(to)}
          onChange={(event) => onPair([from, Number(event.currentTarget.value)])}
        />
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
      {error !== null ? (
        <Failure error={error} what="They cannot be compared" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={3} />
      ) : (
        <Changes {...data} />
      )}
    </section>
  );
}

function Changes({ changes, more }: ProfileDifference): ReactNode {
  if (changes.length === 0) return <p className="muted">They say the same.</p>;
  return (
    <div className="scroll-x">
      <table className="plain-table tight">
        <thead>
          <tr>
            <th>Field</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, before, after }) => (
            <tr key={field}>
              <td>
                <InertText text={field} />
              </td>
              <td className="before">
                <Value value={before} />
              </td>
              <td className="after">
                <Value value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="muted">And {countOf(more, 'more difference')}.</p>}
    </div>
  );
}

function Value({ value }: { readonly value: unknown }): ReactNode {
  if (value === undefined) return <span className="muted">not there</span>;
  return <InertText text={typeof value === 'string' ? value : JSON.stringify(value)} />;
}
