import { join } from 'node:path';
import { AppError } from '#error';
import { fileKindOf } from './discover-files.ts';
import { yamlBytesMax } from './limits.ts';
import { type UploadForm, type UploadPlace, uploadPlaceOf, uploadPlaces } from './upload-kinds.ts';

/** Which file of the enrichment folder is meant, without its form: a kind, and a name where there may be several. */
export interface ShelfName {
  readonly kind: string;
  /** Empty for the one that has none. */
  readonly name: string;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

/** Gives what is fixed about a file. Throws `enrichment-name-invalid`: from here on, kind and name can be trusted. */
export function placeOf({ kind, name }: ShelfName): UploadPlace {
  const place = uploadPlaceOf(kind);
  if (place === undefined) throw wrongName('There is no such kind of context file.', 'kind');
  if (name === '' ? place.names === 'must' : place.names === 'none' || !namePattern.test(name)) {
    throw wrongName(
      place.names === 'none' ? `There is one file of ${place.kind}, without a name.` : 'This is no name for a file.',
      'name',
    );
  }
  return place;
}

/** Name of the file within the enrichment folder. Throws `enrichment-name-invalid`, also for a name that means another kind. */
export function fileOf(place: UploadPlace, name: string, form: string): string {
  const known = place.forms.find((one) => one === form);
  if (known === undefined) {
    throw wrongName(`${place.title} can be ${place.forms.join(', ')}.`, 'form');
  }
  const base = [place.stem, name].filter((word) => word !== '').join('-');
  const file = `${base}.${known}`;
  if (fileKindOf(place.folder, file) !== place.fileKind)
    throw wrongName(`"${name}" means something else here.`, 'name');
  return join(place.folder, file);
}

/** Which file a name of the folder stands for, and its form; undefined for files that uploads cannot have made. */
export function shelfNameOf(folder: string, file: string): (ShelfName & { readonly form: UploadForm }) | undefined {
  for (const place of uploadPlaces) {
    const form = place.forms.find((one) => file.endsWith(`.${one}`));
    const name = form === undefined ? undefined : nameIn(place, file.slice(0, -form.length - 1));
    if (form === undefined || name === undefined || place.folder !== folder) continue;
    if (isWhole(place, name, form, file)) return { kind: place.kind, name, form };
  }
  return undefined;
}

function nameIn({ stem }: UploadPlace, base: string): string | undefined {
  if (base === stem) return '';
  const prefix = stem === '' ? '' : `${stem}-`;
  return base.startsWith(prefix) ? base.slice(prefix.length) : undefined;
}

/** Bytes a file may have. */
export function bytesMaxOf(place: UploadPlace, form: string): number {
  return form === 'yaml' ? yamlBytesMax : place.bytesMax;
}

function isWhole(place: UploadPlace, name: string, form: UploadForm, file: string): boolean {
  try {
    return join(place.folder, file) === fileOf(placeOf({ kind: place.kind, name }), name, form);
  } catch {
    return false;
  }
}

function wrongName(sentence: string, field: string): AppError {
  return new AppError('enrichment-name-invalid', sentence, { place: { field } });
}
