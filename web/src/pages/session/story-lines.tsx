import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { countOf, formatSeconds } from '../../parts/format.ts';
import { DnText, InertText } from '../../parts/inert-text.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { showText } from '../../parts/show-characters.ts';
import type { Story, StoryLine } from './tell-session.ts';

const barPx = 120;
const barPxMin = 2;
const tones = 6;

const words: Readonly<Record<string, string>> = {
  CONNECTION: 'connected',
  TLS: 'TLS',
  UNBIND: 'unbind',
  DISCONNECT: 'closed',
};

/** The lines of a story; the bar at the left is drawn to time, the stripe beside it is the identity in force. */
export function StoryLines({
  story,
  lines,
  hasMore,
}: {
  readonly story: Story;
  readonly lines: readonly StoryLine[];
  readonly hasMore: boolean;
}): ReactNode {
  return (
    <div className="panel scroll-x">
      <table className="story">
        <thead>
          <tr>
            <th className="number">at</th>
            <th aria-label="Drawn to time" />
            <th aria-label="Identity in force" />
            <th>what</th>
            <th>on</th>
            <th>outcome</th>
            <th className="number">took</th>
          </tr>
        </thead>
        <tbody>
          {story.beginningUnseen && <GapRow>The beginning of this connection was not seen.</GapRow>}
          {lines.map((line) => (
            <StoryRows key={line.key} line={line} story={story} />
          ))}
          {lines.length === 0 && <GapRow>No line of this kind.</GapRow>}
          {story.endUnseen && !hasMore && (
            <GapRow>
              The end was not seen: the connection was still open when the log was read, or its end is lost.
            </GapRow>
          )}
        </tbody>
      </table>
      <IdentityLegend story={story} />
    </div>
  );
}

function GapRow({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <tr className="story-gap">
      <td />
      <td colSpan={6}>⋯ {children}</td>
    </tr>
  );
}

function toneOf(story: Story, identity: string | undefined): string {
  if (identity === undefined) return 'tone-anonymous';
  return `tone-${story.identities.filter((one) => one !== undefined).indexOf(identity) % tones}`;
}

function StoryRows({ line, story }: { readonly line: StoryLine; readonly story: Story }): ReactNode {
  const scale = story.seconds === 0 ? 0 : barPx / story.seconds;
  const width = Math.max(barPxMin, (line.seconds ?? 0) * scale);
  const x = Math.max(0, Math.min(barPx - width, line.at * scale));
  return (
    <>
      {line.pause !== undefined && <GapRow>{formatSeconds(line.pause)} of silence</GapRow>}
      <tr className={`story-${line.kind}`}>
        <td className="number mono">{line.at.toFixed(3)}</td>
        <td>
          <svg width={barPx} height="10" aria-hidden="true" className="story-bar">
            <rect
              className={line.outcome === undefined ? 'fill-none' : `fill-outcome-${line.outcome}`}
              x={x}
              y={1}
              width={width}
              height={8}
            />
          </svg>
        </td>
        <td
          className={`stripe ${toneOf(story, line.identity)}`}
          title={line.identity === undefined ? 'anonymous' : showText(line.identity)}
        />
        <td className="story-verb">
          {line.eventId === undefined ? (
            (words[line.verb] ?? line.verb)
          ) : (
            <Link to="/events/$eventId" params={{ eventId: line.eventId }}>
              {words[line.verb] ?? showText(line.verb)}
            </Link>
          )}
          {line.extras.length > 0 && <span className="muted"> +{line.extras.length}</span>}
        </td>
        <TargetCell line={line} />
        <OutcomeCell line={line} />
        <td className="number">{line.seconds === undefined ? '' : formatSeconds(line.seconds)}</td>
      </tr>
    </>
  );
}

/** What it was about, how, and what changed with it. */
function TargetCell({ line }: { readonly line: StoryLine }): ReactNode {
  return (
    <td className="story-target">
      {line.target !== undefined && <DnText text={line.target} />}
      {line.detail !== undefined && (
        <div className="story-detail">
          <InertText text={line.detail} />
        </div>
      )}
      {line.note !== undefined && (
        <div className="story-note">
          {line.note}
          {line.note.includes('identity changes') && line.identity !== undefined && (
            <>
              : <DnText text={line.identity} />
            </>
          )}
        </div>
      )}
    </td>
  );
}

/** How it ended. */
function OutcomeCell({ line }: { readonly line: StoryLine }): ReactNode {
  return (
    <td>
      {line.outcome !== undefined && <Outcome value={line.outcome} />}
      {line.entries !== undefined && line.verb === 'SRCH' && (
        <div className="muted">{countOf(line.entries, 'entry', 'entries')}</div>
      )}
      {line.outcome !== 'success' && line.resultName !== undefined && (
        <div className="muted">{showText(line.resultName)}</div>
      )}
    </td>
  );
}

function IdentityLegend({ story }: { readonly story: Story }): ReactNode {
  return (
    <ul className="story-legend" aria-label="Identities">
      {story.identities.map((identity) => (
        <li key={identity ?? ''}>
          <span className={`swatch ${toneOf(story, identity)}`} aria-hidden="true" />
          {identity === undefined ? 'anonymous' : <DnText text={identity} />}
        </li>
      ))}
    </ul>
  );
}
