import { hostname } from 'node:os'

export interface Settings {
  cluster: string
  namespaces: string[]
  region: string
  ownNamespace: string
  identity: string
  host: string
  port: number
  graceMs: number
  settleMs: number
  resyncMs: number
  importsPerYear: number
  importsPerSecretPerDay: number
  checkHosts: boolean
}

const minute = 60_000

/** Reads and checks the environment. Throws one Error that names everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const wrong: string[] = []
  const text = (name: string, fallback: string | undefined, shape: RegExp, says: string) => {
    const value = env[name]?.trim() || fallback
    if (value === undefined) wrong.push(`${name} is not set: ${says}.`)
    else if (!shape.test(value)) wrong.push(`${name} is "${value}": ${says}.`)
    return value ?? ''
  }
  const number = (name: string, fallback: number, least: number) => {
    const value = Number(env[name]?.trim() || fallback)
    if (!Number.isFinite(value) || value < least)
      wrong.push(`${name} is "${env[name]}": give a number of at least ${least}.`)
    return value
  }
  const list = 'namespaces, separated by commas'
  const settings: Settings = {
    // What a tag's value may hold, and short enough to be read in a list.
    cluster: text('CLUSTER', undefined, /^[\w.:/=+@-]{1,100}$/, 'a name for this cluster, of its own'),
    namespaces: text('WATCH_NAMESPACES', undefined, /^\s*[a-z0-9-]{1,63}(\s*,\s*[a-z0-9-]{1,63})*\s*$/, list)
      .split(',')
      .map((name) => name.trim()),
    region: text('AWS_REGION', undefined, /^[a-z0-9-]+$/, 'the region of the load balancers'),
    ownNamespace: text('POD_NAMESPACE', 'default', /^[a-z0-9-]{1,63}$/, 'one namespace'),
    identity: text('POD_NAME', hostname(), /^[\w.-]{1,253}$/, 'a name'),
    host: text('HOST', '0.0.0.0', /^[\w.:]+$/, 'an address'),
    port: number('PORT', 8080, 0),
    graceMs: number('GRACE_HOURS', 24, 0) * 60 * minute,
    settleMs: number('SETTLE_SECONDS', 300, 30) * 1000,
    resyncMs: number('RESYNC_MINUTES', 30, 1) * minute,
    importsPerYear: number('IMPORTS_PER_YEAR', 2000, 1),
    importsPerSecretPerDay: number('IMPORTS_PER_SECRET_PER_DAY', 6, 1),
    checkHosts: text('CHECK_HOSTS', 'on', /^(on|off)$/, 'on or off') === 'on',
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return settings
}
