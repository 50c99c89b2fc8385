import type { SecretRecord } from './kubernetes/records.ts'
import type { Situation, Step } from './plan.ts'

export interface Disused {
  record: SecretRecord
  deletions: Step[]
  because?: string
  again?: number
}

/**
 * What to do with those of a Secret's certificates that are not `kept`. One is deleted after nothing used or named it
 * for the whole grace period; any use begins that anew. Deletions are decided in one round (`deleting`, written down)
 * and done in the next, so that no other leader takes one up in between.
 */
export function disused({ own, record, referenced, now, limits }: Situation, kept: string | undefined): Disused {
  const found: Disused = { record: structuredClone(record), deletions: [] }
  const unusedSince: Record<string, string> = {}
  const deleting: string[] = []
  for (const { arn, inUse } of own) {
    if (arn === kept || inUse || referenced.has(arn)) continue
    const since = record.unusedSince?.[arn]
    const ends = (since ? Date.parse(since) : now) + limits.graceMs
    unusedSince[arn] = since ?? new Date(now).toISOString()
    if (!since) found.because = `${arn} is not used any more`
    if (now < ends) found.again = Math.min(found.again ?? Infinity, ends)
    else deleting.push(arn)
  }
  for (const arn of deleting) {
    if (record.deleting?.includes(arn))
      found.deletions.push({ do: 'delete', arn, because: 'nothing used it for the grace period' })
    else found.because = `${arn} was not used for the grace period`
  }
  keep(found.record, 'unusedSince', unusedSince)
  if (deleting.length > 0) found.record.deleting = deleting
  else delete found.record.deleting
  return found
}

function keep(record: SecretRecord, name: 'unusedSince', value: Record<string, string>): void {
  if (Object.keys(value).length > 0) record[name] = value
  else delete record[name]
}
