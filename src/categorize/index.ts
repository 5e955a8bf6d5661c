export { type Categorize, createCategorizer } from './categorizer.ts';
