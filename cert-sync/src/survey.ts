// One look at everything without changing anything: what `--dry-run` shows.
import { Inventory } from './acm/inventory.ts'
import { gather } from './gather.ts'
import { asIngress } from './kubernetes/ingress.ts'
import type { Ingress } from './kubernetes/ingress.ts'
import { Records } from './kubernetes/records.ts'
import { partsOf } from './names.ts'
import type { Key } from './names.ts'
import { planIngress } from './plan-ingress.ts'
import { plan } from './plan.ts'
import type { Plan, Situation } from './plan.ts'
import type { Surroundings } from './term.ts'

export interface Survey {
  secrets: { situation: Situation; planned: Plan }[]
  /** What an Ingress would be given: ARNs, `same` when it has them, `later` when an import must come first. */
  ingresses: { ingress: Ingress; arns: string[] | 'same' | 'later' }[]
}

export async function survey({ settings, api, clients, clock }: Surroundings): Promise<Survey> {
  const lists = settings.namespaces.map((namespace) => api.networking.listNamespacedIngress({ namespace }))
  const ingresses = (await Promise.all(lists)).flatMap(({ items }) => items.map(asIngress))
  const optedIn = ingresses.filter((ingress) => ingress.optedIn)
  const records = await Records.peek(api, settings.ownNamespace)
  const inventory = new Inventory(clients.patient, settings.cluster, clock)
  const eyes = { api, inventory, records, clock, limits: settings, ingresses: () => ingresses }

  const listed = await inventory.list(0)
  const keys = new Set<Key>([...optedIn.flatMap(({ secrets }) => secrets), ...listed.keys(), ...records.keys()])
  const found: Survey = { secrets: [], ingresses: [] }
  const current = new Map<Key, string | null>()
  for (const key of keys) {
    if (!settings.namespaces.includes(partsOf(key).namespace)) continue
    const situation = await gather(eyes, key, Infinity)
    const planned = plan(situation)
    found.secrets.push({ situation, planned })
    // An import that gives a new ARN comes before the Ingress can be told.
    const pending = planned.current === undefined || planned.steps.some((step) => step.do === 'import' && !step.arn)
    if (!pending) current.set(key, planned.current!)
  }
  for (const ingress of optedIn) {
    const later = ingress.secrets.some((key) => !current.has(key))
    found.ingresses.push({ ingress, arns: later ? 'later' : (planIngress(ingress, current) ?? 'same') })
  }
  return found
}
