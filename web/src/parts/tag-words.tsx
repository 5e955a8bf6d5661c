import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import './word-list.css';

const shownMax = 6;

/** Tags of an agent; each leads to all agents that have it. */
export function TagWords({ tags }: { readonly tags: readonly string[] }): ReactNode {
  if (tags.length === 0) return <span className="muted">–</span>;
  return (
    <ul className="words-shown">
      {tags.slice(0, shownMax).map((tag) => (
        <li key={tag}>
          <Link to="/agents" search={{ tag }}>
            {tag}
          </Link>
        </li>
      ))}
      {tags.length > shownMax && <li title={tags.slice(shownMax).join(', ')}>+{tags.length - shownMax}</li>}
    </ul>
  );
}
