import type { Clients } from './acm/client.ts'
import type { Inventory } from './acm/inventory.ts'
import { isNamed, outcomeOf } from './acm/outcome.ts'
import { importAgain, importNew, remove } from './acm/write.ts'
import { iso } from './clock.ts'
import type { Clock } from './clock.ts'
import type { LastImport, Records } from './kubernetes/records.ts'
import type { Key } from './names.ts'
import type { Step } from './plan.ts'

export interface Hands {
  cluster: string
  clients: Clients
  inventory: Inventory
  records: Records
  clock: Clock
  /** Asked right before every write. */
  held: () => boolean
}

export class NotLeading extends Error {
  override message = 'This process does not lead any more.'
}

const day = 24 * 60 * 60_000

/** The first day that still counts for the year's quota. */
export const quotaBegins = (now: number): string => iso(now - 365 * day).slice(0, 10)

/** Does one step of a plan. Resolves to the ARN of an import. Throws what ACM or Kubernetes threw, or NotLeading. */
export async function apply(hands: Hands, key: Key, step: Step): Promise<string | undefined> {
  mustLead(hands)
  if (step.do === 'remember') await hands.records.change(key, step.record)
  else if (step.do === 'delete') await deleteUnused(hands, key, step.arn)
  else return bringIn(hands, key, step)
  return undefined
}

async function bringIn(hands: Hands, key: Key, step: Extract<Step, { do: 'import' }>): Promise<string> {
  const { records, clients, cluster, inventory, clock } = hands
  const { arn, kind, facts, material } = step
  if (arn) await mustOwn(inventory, arn, key)

  // Written down before it is sent: whoever leads next waits for it to show up instead of sending it again.
  const now = clock.now()
  const at = iso(now)
  const before = records.of(key)
  const imports = (before.imports ?? []).filter((each) => now - Date.parse(each) < day)
  const sent: LastImport = { kind, fingerprint: facts.fingerprint, at, outcome: 'unknown', ...(arn && { arn }) }
  const counted = { day: at.slice(0, 10), oldest: quotaBegins(now) }
  const record = { ...before, lastImport: sent, imports: [...imports, at] }
  await records.change(key, record, { ...counted, by: 1 })

  mustLead(hands)
  let got = arn
  try {
    if (arn) await importAgain(clients.once, arn, material)
    else got = await importNew(clients.once, cluster, key, material)
  } catch (error) {
    if (outcomeOf(error) === 'unknown') throw error
    const refused = { ...before, imports, lastImport: { ...sent, outcome: 'refused' as const } }
    if (arn && isNamed(error, 'ValidationException')) refused.mustReplace = facts.fingerprint
    await records.change(key, refused, { ...counted, by: -1 })
    throw error
  }
  inventory.forget()
  await records.change(key, { ...record, arn: got, lastImport: { ...sent, outcome: 'done', arn: got } })
  return got!
}

async function deleteUnused({ clients, inventory, records }: Hands, key: Key, arn: string): Promise<void> {
  await mustOwn(inventory, arn, key)
  try {
    await remove(clients.patient, arn)
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return
    if (!isNamed(error, 'ResourceInUseException')) throw error
    // Somebody took it between our look and the deletion: the grace period begins anew.
    const { unusedSince, deleting, ...record } = records.of(key)
    const others = { ...unusedSince }
    delete others[arn]
    await records.change(key, { ...record, unusedSince: others, deleting: deleting?.filter((each) => each !== arn) })
  } finally {
    inventory.forget()
  }
}

/** The last look before a write to an existing certificate: its tags, from ACM, now. */
async function mustOwn(inventory: Inventory, arn: string, key: Key): Promise<void> {
  if ((await inventory.ownerOf(arn)) !== key) throw new Error(`${arn} is not ours, or not for ${key}: left alone.`)
}

function mustLead({ held }: Hands): void {
  if (!held()) throw new NotLeading()
}
