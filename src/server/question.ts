import { type TOptional, type TString, Type } from 'typebox';
import { QueryText, TimeText, ZoneText } from './schemas.ts';

/** Parameters of every route that asks the store a question. */
export const questionParameters: {
  q: TOptional<TString>;
  from: TOptional<TString>;
  to: TOptional<TString>;
  zone: TOptional<TString>;
} = {
  q: Type.Optional(QueryText),
  from: Type.Optional(TimeText),
  to: Type.Optional(TimeText),
  zone: Type.Optional(ZoneText),
};
