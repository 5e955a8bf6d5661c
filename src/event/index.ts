export {
  type Address,
  type AddressRange,
  type AddressWords,
  addressRange,
  type Cidr,
  cidrOf,
  compareAddresses,
  containsAddress,
  parseAddress,
  parseAddressCached,
  parseCidr,
} from './address.ts';
export { foldAttributeType } from './attribute-type.ts';
export {
  type CategoryName,
  type CategoryType,
  categoryModel,
  categoryNames,
  type ModelledType,
  modelledTypes,
  type Outcome,
  outcomes,
} from './categories.ts';
export type { DeadLetter } from './dead-letter.ts';
export {
  type Dn,
  type DnPart,
  dnLengthMax,
  foldDn,
  foldDnCached,
  isUnder,
  parentOf,
  parseDn,
  printDn,
  suffixOf,
} from './dn.ts';
export { type DnPattern, type DnPlace, dnPattern, fitsDnPattern, rdnsOf } from './dn-pattern.ts';
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
export {
  type Filter,
  type FilterFacts,
  filterFacts,
  filterFactsCached,
  filterLengthMax,
  parseFilter,
  printFilter,
} from './filter.ts';
export { createMemo, type MemoLimits } from './memo.ts';
export { createRec, type Rec, type RecKey, type RecType, recKeyNames, recKeys } from './rec.ts';
export { decodeBinary, decodeText, encodeText, hasEscapedBytes } from './text.ts';
export { type Instant, instantMax, instantMin, isZone, parseTime } from './time.ts';
export { toEpoch, zoneOffset } from './zone.ts';
