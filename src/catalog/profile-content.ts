import { type Static, Type } from 'typebox';
import { type AgentProfile, AgentProfileSchema, checkMessage, messageLimits, parseAgentProfile } from '#delivery';
import { AppError } from '#error';

/** Which hosts a profile is for. A host fits with any of the tags or names, unless one of those to leave out fits, too. */
export interface ProfileAssets {
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  /** Host names; `*` stands for any characters. */
  readonly hosts: readonly string[];
  readonly excludeHosts: readonly string[];
}

/** What people set about a profile: everything in it has versions. */
export interface ProfileContent {
  readonly name: string;
  readonly description: string;
  readonly platform: 'linux';
  readonly enabled: boolean;
  /** For hosts that no other profile fits; one profile at most is. */
  readonly isDefault: boolean;
  /** Of several profiles that fit a host, the one with the lowest number is used; of equal ones the first by name. */
  readonly priority: number;
  readonly assets: ProfileAssets;
  readonly profile: AgentProfile;
}

const closed = { additionalProperties: false } as const;
const Tag = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:/=-]{0,63}$' });
const Tags = Type.Array(Tag, { maxItems: messageLimits.tags, uniqueItems: true });
const HostPatterns = Type.Array(Type.String({ pattern: '^[A-Za-z0-9*._:-]{1,253}$' }), {
  maxItems: 1_000,
  uniqueItems: true,
});

const Assets = Type.Object({ tags: Tags, excludeTags: Tags, hosts: HostPatterns, excludeHosts: HostPatterns }, closed);
// Words of people: no control characters, which would break lines where names are listed.
const lineForm = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';
const Content = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: messageLimits.nameLength, pattern: lineForm }),
    description: Type.String({ maxLength: 4_096 }),
    platform: Type.Literal('linux'),
    enabled: Type.Boolean(),
    isDefault: Type.Boolean(),
    priority: Type.Integer({ minimum: 1, maximum: 1_000 }),
    assets: Assets,
    profile: AgentProfileSchema,
  },
  closed,
);

/** Schema of a tag. */
export const TagSchema: Type.TString = Tag;
/** Schema of {@link ProfileAssets}. */
export const ProfileAssetsSchema: Type.TUnsafe<ProfileAssets> = Type.Unsafe<Static<typeof Assets>>(Assets);
/** Schema of {@link ProfileContent}. */
export const ProfileContentSchema: Type.TUnsafe<ProfileContent> = Type.Unsafe<Static<typeof Content>>(Content);

/** Reads what people set about a profile. Throws `profile-invalid` with the field that does not fit. */
export function parseProfileContent(value: unknown): ProfileContent {
  const content = checkMessage(ProfileContentSchema, value, 'profile-invalid', 'the profile');
  if (content.name.trim() === '') {
    throw new AppError('profile-invalid', 'The name of a profile cannot be blank.', { place: { field: 'name' } });
  }
  return { ...content, name: content.name.trim(), profile: parseAgentProfile(content.profile) };
}
