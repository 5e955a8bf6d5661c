/** A tag, as agents and profiles have them. */
export const tagForm = /^[A-Za-z0-9][A-Za-z0-9._:/=-]{0,63}$/;
/** What a tag may be, in words. */
export const tagWords = 'Letters, digits and . _ : / = - make a tag; it begins with a letter or digit.';
/** A name of a host, in which `*` stands for any characters. */
export const hostForm = /^[A-Za-z0-9*._:-]{1,253}$/;
export const hostWords = 'Letters, digits and . _ : - make a name; * stands for any characters.';

/** Cuts what was typed or pasted into words. */
export function cutWords(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}
