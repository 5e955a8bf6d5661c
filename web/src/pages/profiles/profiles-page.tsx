import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { getFleetSummary } from '../../api/fleet-agents.ts';
import { getProfiles } from '../../api/fleet-profiles.ts';
import { countOf } from '../../parts/format.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Pages } from '../../parts/pages.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { DeletedNotice } from './deleted-notice.tsx';
import { ImportProfile } from './import-profile.tsx';
import { ProfileRow } from './profile-row.tsx';
import './profiles.css';

const pageProfiles = 100;
const refreshMs = 5_000;

/** What agents are told to read: all profiles, in the order in which they are tried. */
export function ProfilesPage(): ReactNode {
  const may = useMay('profiles:write');
  const { search = '', page: pageWord = '0' } = useSearch({ from: '/profiles' });
  const page = Math.max(0, Number.parseInt(pageWord, 10) || 0);
  const navigate = useNavigate();
  const [isImporting, setImporting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table, field);
  const profiles = useQuery({
    queryKey: ['profiles', search, page],
    queryFn: ({ signal }) => getProfiles({ search, offset: page * pageProfiles, limit: pageProfiles }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const summary = useQuery({
    queryKey: ['agents', 'summary'],
    queryFn: ({ signal }) => getFleetSummary(signal),
    enabled: useMay('agents:read'),
    refetchInterval: refreshMs,
  });
  const total = profiles.data?.total ?? 0;
  const go = (words: Readonly<Record<string, string>>): void =>
    void navigate({ to: '/profiles', search: words, replace: true });
  return (
    <div className="page fleet">
      <div className="page-head">
        <h1>Profiles</h1>
        {may && (
          <div className="actions">
            <Button variant="default" aria-expanded={isImporting} onClick={() => setImporting(!isImporting)}>
              Import
            </Button>
            <Button renderRoot={(props: object) => <Link {...props} to="/profiles/new" search={{}} />}>
              New profile
            </Button>
          </div>
        )}
      </div>
      <p className="page-lead">
        A profile tells agents which logs to read, from when on, and within what limits. Of those that fit a host, the
        one with the lowest priority number is used.
      </p>
      {isImporting && <ImportProfile onClose={() => setImporting(false)} />}
      <DeletedNotice />
      <section className="panel" aria-label="Profiles">
        <div className="body line search-line">
          <SearchField
            field={field}
            name="Search for a name"
            value={search}
            onSearch={(text) => go(text === '' ? {} : { search: text })}
          />
          <span className="muted">{profiles.data !== undefined && countOf(total, 'profile')}</span>
        </div>
        <Loaded asked={profiles} what="The profiles cannot be shown" rows={5}>
          {({ profiles: shown }) =>
            total === 0 ? (
              <NoProfiles search={search} may={may} />
            ) : (
              <div className="scroll-x">
                <table className="plain-table profiles" ref={table}>
                  <thead>
                    <tr>
                      <th>Name</th>
                      <th className="number">Priority</th>
                      <th>Reads</th>
                      <th>Agents</th>
                      <th className="number">Version</th>
                      <th>
                        <span className="unseen">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((profile) => (
                      <ProfileRow
                        key={profile.id}
                        profile={profile}
                        counts={summary.data?.profiles[profile.id]}
                        areCounted={summary.data !== undefined}
                        may={may}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
        {total > pageProfiles && (
          <Pages
            page={page}
            isLast={(page + 1) * pageProfiles >= total}
            onPage={(next) => go({ ...(search === '' ? {} : { search }), page: String(next) })}
          />
        )}
      </section>
    </div>
  );
}

function NoProfiles({ search, may }: { readonly search: string; readonly may: boolean }): ReactNode {
  if (search !== '') {
    return (
      <Empty title="No profile has such a name">
        <p className="muted">
          You searched for “<bdi>{showText(search)}</bdi>”.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No profiles yet">
      <p className="muted">Without a profile agents read nothing.</p>
      {may && (
        <p>
          <Link to="/profiles/new" search={{}}>
            Make the first one
          </Link>
          ; then enroll agents on the hosts it is for.
        </p>
      )}
    </Empty>
  );
}
