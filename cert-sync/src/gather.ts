import type { Inventory, OwnCertificate } from './acm/inventory.ts'
import { read } from './certificate/read.ts'
import type { Clock } from './clock.ts'
import type { Api } from './kubernetes/api.ts'
import type { Ingress } from './kubernetes/ingress.ts'
import type { Records } from './kubernetes/records.ts'
import { readSecret } from './kubernetes/secret.ts'
import type { Key } from './names.ts'
import { quotaBegins } from './apply.ts'
import type { Limits, Situation } from './plan.ts'

export interface Eyes {
  api: Api
  inventory: Inventory
  records: Records
  ingresses: () => Ingress[]
  clock: Clock
  limits: Limits
}

/** Everything that the plan for one Secret depends on. `listAge`: how old the list of ACM's certificates may be, in ms. */
export async function gather(eyes: Eyes, key: Key, listAge: number): Promise<Situation> {
  const { api, inventory, records, clock, limits } = eyes
  const ingresses = eyes.ingresses()
  const users = ingresses.filter((ingress) => ingress.optedIn && ingress.secrets.includes(key))
  const wanted = users.length > 0
  const hosts = [...new Set(users.flatMap((ingress) => ingress.hosts[key] ?? []))]
  const record = records.of(key)

  // The list lags behind; what the record names is asked for by name.
  const listed = (await inventory.list(listAge)).get(key) ?? []
  const remembered = [record.arn, record.lastImport?.arn].filter((arn) => arn !== undefined)
  const own: OwnCertificate[] = []
  for (const arn of new Set([...listed, ...remembered])) {
    const certificate = await inventory.inspect(arn, key)
    if (certificate) own.push(certificate)
  }
  const now = clock.now()
  return {
    key,
    now,
    wanted,
    hosts,
    // An Ingress that nobody wants any more still holds on to what it names.
    referenced: new Set(ingresses.flatMap((ingress) => ingress.arns)),
    reading: wanted ? read(await readSecret(api, key), hosts, now) : { state: 'missing' },
    own,
    record,
    importsThisYear: records.importsSince(quotaBegins(now)),
    limits,
  }
}
