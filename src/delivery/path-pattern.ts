import type { ErrorCode } from '#error';

/** Why a path pattern may not be read: a code, a sentence, and what to do. */
export interface PathRefusal {
  readonly code: Extract<ErrorCode, `path-${string}`>;
  readonly sentence: string;
  readonly hint: string;
}

/** Folders an agent may read below unless its own configuration says otherwise. */
export const defaultAllowedPaths: readonly string[] = ['/var/log/dirsrv/'];

/** Longest pattern looked at, and most wildcards in it. */
const patternLengthMax = 4_096;
const wildcardsMax = 32;

/** What is never a log, whatever the configuration allows: secrets, devices, the kernel's own files. */
const forbiddenFolders = ['/etc/', '/proc/', '/sys/', '/dev/', '/root/', '/boot/', '/run/', '/var/lib/', '/home/'];

/**
 * Judges a path pattern by its text alone, before any file is looked at: it must be absolute, may not climb, and its
 * part before the first wildcard must lie below an allowed folder. What links lead to is the agent's own look, at the
 * file. Undefined: nothing speaks against it.
 */
export function checkPathPattern(pattern: string, allowed: readonly string[]): PathRefusal | undefined {
  if (pattern.length === 0 || pattern.length > patternLengthMax || hasControl(pattern)) {
    return {
      code: 'path-malformed',
      sentence: 'The pattern is empty, too long, or holds control characters.',
      hint: 'Write a path such as /var/log/dirsrv/slapd-*/access*.',
    };
  }
  if (!pattern.startsWith('/')) {
    return {
      code: 'path-relative',
      sentence: `"${pattern}" is not an absolute path.`,
      hint: 'Begin with a slash, such as /var/log/dirsrv/slapd-*/access*.',
    };
  }
  const steps = pattern.split('/').slice(1);
  if (steps.some((step) => step === '..' || step === '.')) {
    return {
      code: 'path-climbing',
      sentence: `"${pattern}" has a step "." or "..".`,
      hint: 'Write the path without such steps.',
    };
  }
  if (steps.filter(hasWildcard).length > wildcardsMax || (pattern.match(/[*?[{]/g)?.length ?? 0) > wildcardsMax) {
    return {
      code: 'path-malformed',
      sentence: `"${pattern}" has more than ${wildcardsMax} wildcards.`,
      hint: 'Use several patterns.',
    };
  }
  return checkPlace(pattern, steps, allowed);
}

function checkPlace(pattern: string, steps: readonly string[], allowed: readonly string[]): PathRefusal | undefined {
  const fixed = fixedPart(steps);
  const forbidden = forbiddenFolders.find((folder) => `${fixed}/`.startsWith(folder));
  if (
    forbidden !== undefined &&
    !allowed.some((folder) => isBelow(fixed, folder) && isBelow(slashed(folder), forbidden))
  ) {
    return {
      code: 'path-forbidden',
      sentence: `"${pattern}" lies in ${forbidden}, where secrets or the system's own files are and no logs.`,
      hint: "If there is a log all the same, name its folder in allowedPaths of the agent's own configuration.",
    };
  }
  if (allowed.some((folder) => isBelow(fixed, folder))) return undefined;
  return {
    code: 'path-outside-roots',
    sentence: `"${pattern}" lies outside the folders that agents may read: ${allowed.join(', ')}.`,
    hint: 'Add the folder to allowedPaths in the configuration of the agents that are to read it, or correct the pattern.',
  };
}

/** The folders before the first wildcard, without a slash at the end; the last step is a file's name. */
function fixedPart(steps: readonly string[]): string {
  const wild = steps.findIndex(hasWildcard);
  const folders = wild === -1 ? steps.slice(0, -1) : steps.slice(0, Math.min(wild, steps.length - 1));
  return `/${folders.filter((step) => step !== '').join('/')}`;
}

function isBelow(folder: string, root: string): boolean {
  return slashed(folder).startsWith(slashed(root));
}

function slashed(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`;
}

function hasWildcard(step: string): boolean {
  return /[*?[{]/.test(step);
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}
