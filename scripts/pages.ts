import { errorsPage } from './errors-page.ts';
import { fieldsPage } from './fields-page.ts';

/** The pages of `docs/` that are written from tables in the code. A test keeps them current. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
  'docs/fields.md': fieldsPage,
};
