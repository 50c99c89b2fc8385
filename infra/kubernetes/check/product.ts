// What the manifests must agree on with the product, read from its sources: if one changes, the check finds the other.
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** The first group of a pattern that a source file must have. */
function number(file: string, pattern: RegExp): number {
  const found = pattern.exec(read(file))?.[1]
  if (!found) throw new Error(`${file} no longer has ${String(pattern)}: this check must learn where that went.`)
  return Number(found.replaceAll('_', ''))
}

/** How long each process allows itself to stop in good order before it ends all the same. */
export const stopSeconds: Record<string, number> = {
  api: number('src/main.ts', /setTimeout\(\(\) => process\.exit\(1\), ([\d_]+)\)/) / 1000,
  ui: number('infra/images/serve-ui.ts', /setTimeout\(\(\) => process\.exit\(1\), ([\d_]+)\)/) / 1000,
}

export const heartbeatSeconds = number('src/delivery/contract.ts', /heartbeatSeconds = ([\d_]+)/)
export const keepAliveSeconds = number('src/platform/http/server.ts', /keepAliveTimeout: ([\d_]+)/) / 1000

/** Names of the environment variables that the API and the UI's server read. */
export const settingsOfApi = new Set(read('src/platform/config.ts').match(/(?<=')[A-Z][A-Z0-9_]+(?=')/g))

/** Names of the environment variables that cert-sync reads: its sources', or its README's. */
export function settingsOfCertSync(): Set<string> {
  const sources = globSync('cert-sync/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  const text = [...sources.map(read), read('cert-sync/README.md')].join('\n')
  return new Set(text.match(/(?<=['"`])[A-Z][A-Z0-9_]+(?=['"`])/g))
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

/** What cert-sync says that it needs, by namespace. */
export function rightsOfCertSync(): { watchedNamespaces: Rule[]; ownNamespace: Rule[] } | undefined {
  const file = 'cert-sync/rbac.json'
  if (!existsSync(path.join(root, file))) return undefined
  return JSON.parse(read(file)) as { watchedNamespaces: Rule[]; ownNamespace: Rule[] }
}

/** Whether the API's image holds a source file: its Dockerfile names the programs that it is cut out for. */
export const apiImageHolds = (file: string): boolean => read('infra/images/api.Dockerfile').includes(` ${file} `)

/** Names of the lines that `terraform output -raw settings_env` prints for an environment. */
export const settingsFromTerraform = (environment: string): string[] =>
  [...read(`infra/terraform/environments/${environment}/outputs.tf`).matchAll(/^ +([A-Z][A-Z_]*)=/gm)].map(
    ([, name]) => name!,
  )

/** The tls_mode that an environment has unless its operator says otherwise. */
export const tlsModeInTerraform = (environment: string): string | undefined =>
  /variable "tls_mode" \{[^}]*default += "(\w+)"/.exec(
    read(`infra/terraform/environments/${environment}/variables.tf`),
  )?.[1]

/** Namespace and name of the service accounts that Terraform gives these roles to. */
export function accountsInTerraform(roles: string[]): [namespace: string, name: string][] {
  const text = read('infra/terraform/modules/cluster/variables.tf')
  return roles.map((role) => {
    const line = new RegExp(`\\b${role} += \\{ namespace = "([^"]+)", service_account = "([^"]+)" \\}`).exec(text)
    if (!line) throw new Error(`modules/cluster/variables.tf no longer says whose the role ${role} is.`)
    return [line[1]!, line[2]!]
  })
}
