import { z } from "zod";
import { lengths, text } from "../input.ts";
import { agentVersion } from "./schemas.ts";

// A2A 1.0, `AgentCard` of a2a.proto, in ProtoJSON: names in camelCase, repeated fields as lists. What a
// later minor version adds is kept as it is.
const url = z.url().max(2_000);
const mediaTypes = z.array(text(1, 200)).min(1).max(50);
const object = z.record(text(1, 200), z.unknown());

const scheme = z
  .looseObject({})
  .refine((value) => schemeKinds.filter((kind) => kind in value).length === 1, {
    error: `is not one of ${[
      "apiKeySecurityScheme",
      "httpAuthSecurityScheme",
      "oauth2SecurityScheme",
      "openIdConnectSecurityScheme",
      "mtlsSecurityScheme",
    ].join(", ")}`,
  });
const schemeKinds = [
  "apiKeySecurityScheme",
  "httpAuthSecurityScheme",
  "oauth2SecurityScheme",
  "openIdConnectSecurityScheme",
  "mtlsSecurityScheme",
];
const securityRequirements = z
  .array(
    z.looseObject({
      schemes: z.record(text(1, 200), z.looseObject({ list: z.array(text(0, 500)).optional() })),
    }),
  )
  .max(50);

const skill = z.looseObject({
  id: text(1, 100),
  name: text(1, lengths.name),
  description: text(1, lengths.prose),
  tags: z.array(text(1, 200)).max(100),
  examples: z.array(text(1, lengths.prose)).max(100).optional(),
  inputModes: mediaTypes.optional(),
  outputModes: mediaTypes.optional(),
  securityRequirements: securityRequirements.optional(),
});

const extension = z.looseObject({
  uri: text(1, 2_000),
  description: text(0, lengths.prose).optional(),
  required: z.boolean().optional(),
  params: object.optional(),
});

/** An A2A 1.0 agent card. */
export const agentCard = z.looseObject({
  name: text(1, 100),
  description: text(1, lengths.prose),
  version: agentVersion,
  /** The first is preferred. */
  supportedInterfaces: z
    .array(
      z.looseObject({
        url,
        protocolBinding: text(1, 200),
        protocolVersion: text(1, 50),
        tenant: text(1, 200).optional(),
      }),
    )
    .max(50),
  provider: z.looseObject({ url, organization: text(1, lengths.name) }).optional(),
  documentationUrl: url.optional(),
  iconUrl: url.optional(),
  capabilities: z.looseObject({
    streaming: z.boolean().optional(),
    pushNotifications: z.boolean().optional(),
    extendedAgentCard: z.boolean().optional(),
    extensions: z.array(extension).max(50).optional(),
  }),
  securitySchemes: z.record(text(1, 200), scheme).optional(),
  securityRequirements: securityRequirements.optional(),
  defaultInputModes: mediaTypes,
  defaultOutputModes: mediaTypes,
  skills: z
    .array(skill)
    .max(100)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
      error: "has two skills with the same id",
    }),
  signatures: z
    .array(
      z.looseObject({
        protected: text(1, 10_000),
        signature: text(1, 10_000),
        header: object.optional(),
      }),
    )
    .max(20)
    .optional(),
});
export type AgentCard = z.output<typeof agentCard>;
export type AgentSkill = AgentCard["skills"][number];
