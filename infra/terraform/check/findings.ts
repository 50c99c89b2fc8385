import { type Finding, readConfiguration } from './configuration.ts'
import { checkLayout } from './layout.ts'
import { checkPermissions } from './permissions.ts'
import { checkPolicies } from './policies.ts'
import { checkReferences } from './references.ts'
import { readSchema } from './schema.ts'
import { checkShape } from './shape.ts'

/** Everything that is wrong with the Terraform files below `root`, and what was looked at. */
export async function findingsIn(root: string): Promise<{ findings: Finding[]; counts: string }> {
  const configuration = await readConfiguration(root)
  const blocks = [...configuration.folders.values()].flatMap((folder) => folder.blocks)
  const schema = readSchema()
  const findings = [
    ...configuration.findings,
    ...checkLayout(configuration),
    ...checkShape(configuration, schema),
    ...checkReferences(configuration, schema),
    ...(await checkPermissions(configuration)),
    ...checkPolicies(configuration),
  ]
  const typed = blocks.filter(({ type }) => type !== '').length
  return { findings, counts: `${configuration.folders.size} folders, ${typed} resources and data sources are sound` }
}
