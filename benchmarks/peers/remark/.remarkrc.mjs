// Each kind of record against its schema; both are put beside this file.
import remarkFrontmatter from "remark-frontmatter";
import remarkLintFrontmatterSchema from "remark-lint-frontmatter-schema";

const kinds = ["incident", "postmortem", "runbook", "mitigation-plan"];
const schemas = Object.fromEntries(
  kinds.map((kind) => [`./schemas/${kind}.json`, [`./records/${kind}/*.md`]]),
);

export default { plugins: [remarkFrontmatter, [remarkLintFrontmatterSchema, { schemas }]] };
