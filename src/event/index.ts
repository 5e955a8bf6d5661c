export { createEvent, type Event, type EventValue, toPlain } from './event.ts';
export {
  type Field,
  type FieldGroup,
  type FieldType,
  fieldGroups,
  fieldOf,
  fields,
  findLabel,
  type Label,
  labels,
} from './fields.ts';
export { createRec, type Rec, type RecKey, type RecType, recKeyNames, recKeys } from './rec.ts';
export { decodeBinary, decodeText, encodeText, hasEscapedBytes } from './text.ts';
