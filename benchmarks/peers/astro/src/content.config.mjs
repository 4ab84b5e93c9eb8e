// Each kind of record as a collection; the records are put beside package.json.
import { glob } from "astro/loaders";
import { z } from "astro/zod";
import { defineCollection } from "astro:content";

const required = {
  incident: z.object({
    id: z.string(),
    title: z.string(),
    severity: z.enum(["SEV1", "SEV2", "SEV3", "SEV4"]),
    incident_commander: z.string(),
  }).passthrough(),
  postmortem: z.object({ incidents: z.array(z.string()), title: z.string() }).passthrough(),
  runbook: z.object({ id: z.string(), title: z.string() }).passthrough(),
  "mitigation-plan": z.object({ incident: z.string(), severity: z.string() }).passthrough(),
};

export const collections = Object.fromEntries(
  Object.entries(required).map(([kind, schema]) => [
    kind,
    defineCollection({ loader: glob({ pattern: "*.md", base: `./records/${kind}` }), schema }),
  ]),
);
