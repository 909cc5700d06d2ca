/** What a badge is made of. */
export interface BadgeRow {
  readonly id: string;
  readonly userId: string;
  readonly awardedAt: Date;
  readonly achievementId: string;
  readonly name: string;
  readonly description: string;
  readonly iconUrl: string | null;
  readonly workspaceId: string;
  readonly workspaceName: string;
}

/**
 * An AchievementCredential of Open Badges 3.0 as JSON-LD, unsigned: whoever has the issuer's key adds the
 * proof. Ids are `urn:uuid:`, so that nothing of the system's addresses is in it.
 */
export interface OpenBadge {
  readonly "@context": readonly string[];
  readonly id: string;
  readonly type: readonly string[];
  readonly name: string;
  readonly issuer: { readonly id: string; readonly type: readonly string[]; readonly name: string };
  /** ISO 8601, when it was earned. */
  readonly validFrom: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: readonly string[];
    readonly achievement: {
      readonly id: string;
      readonly type: readonly string[];
      readonly name: string;
      readonly description: string;
      readonly criteria: { readonly narrative: string };
      readonly image?: { readonly id: string; readonly type: "Image" };
    };
  };
}

const contexts = [
  "https://www.w3.org/ns/credentials/v2",
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
];

/** The only place where an award becomes a badge. */
export function toBadge(award: BadgeRow): OpenBadge {
  // The specification asks for a description and for criteria: the name stands in for an empty one.
  const description = award.description === "" ? award.name : award.description;
  return {
    "@context": contexts,
    id: urn(award.id),
    type: ["VerifiableCredential", "AchievementCredential"],
    name: award.name,
    issuer: { id: urn(award.workspaceId), type: ["Profile"], name: award.workspaceName },
    validFrom: award.awardedAt.toISOString(),
    credentialSubject: {
      id: urn(award.userId),
      type: ["AchievementSubject"],
      achievement: {
        id: urn(award.achievementId),
        type: ["Achievement"],
        name: award.name,
        description,
        criteria: { narrative: description },
        ...(award.iconUrl === null ? {} : { image: { id: asUri(award.iconUrl), type: "Image" } }),
      },
    },
  };
}

/** An id is a URI: what else an address may be written with stands encoded in it. */
function asUri(url: string): string {
  return URL.parse(url)?.href ?? url;
}

function urn(id: string): string {
  return `urn:uuid:${id}`;
}
