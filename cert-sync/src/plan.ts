// The plan for one Secret's certificates in ACM. Pure: it sees a situation and says what to do, and `apply.ts` does it.
import type { OwnCertificate } from './acm/inventory.ts'
import type { Facts } from './certificate/facts.ts'
import type { Material, Reading } from './certificate/read.ts'
import { clientAuth } from './certificate/usages.ts'
import type { Notice } from './kubernetes/tell.ts'
import type { ImportKind, SecretRecord } from './kubernetes/records.ts'
import type { Key } from './names.ts'
import { disused } from './disused.ts'

export interface Limits {
  settleMs: number
  graceMs: number
  importsPerYear: number
  importsPerSecretPerDay: number
}

export interface Situation {
  key: Key
  now: number
  /** An Ingress that opted in names the Secret. */
  wanted: boolean
  hosts: string[]
  /** Every ARN in any Ingress's annotation, opted in or not. */
  referenced: Set<string>
  reading: Reading
  own: OwnCertificate[]
  record: SecretRecord
  importsThisYear: number
  limits: Limits
}

export type Step =
  | { do: 'import'; kind: ImportKind; arn?: string; facts: Facts; material: Material; because: string }
  | { do: 'delete'; arn: string; because: string }
  | { do: 'remember'; record: SecretRecord; because: string }

export interface Plan {
  steps: Step[]
  /** What Ingresses should name: an ARN, null for none, undefined while that cannot be said. */
  current: string | null | undefined
  inSync: boolean
  notices: Notice[]
  /** When to look again although nothing has happened, in milliseconds of the clock. */
  again?: number
}

const day = 24 * 60 * 60_000

export function plan(situation: Situation): Plan {
  const { record, reading, wanted } = situation
  const alive = situation.own.filter(({ arn }) => !record.deleting?.includes(arn))
  const current = choose(alive, situation)
  const result: Plan = { steps: [], current: current?.arn ?? null, inSync: true, notices: [] }
  const rest = disused(situation, wanted ? current?.arn : undefined)

  if (wanted) {
    if (reading.state === 'sound') bring(situation, alive, current, reading, result)
    else {
      result.inSync = false
      result.notices.push(complaint(situation, reading))
    }
  } else result.again = settling(situation)

  // One thing at a time: after an import the world is looked at anew.
  if (result.steps.length === 0) {
    const remembered = remember(situation, current, rest.record)
    if (JSON.stringify(remembered) !== JSON.stringify(record))
      result.steps.push({
        do: 'remember',
        record: remembered,
        because: rest.because ?? 'another certificate is current',
      })
    result.steps.push(...rest.deletions)
  }
  result.again = earliest(result.again, rest.again)
  return result
}

function remember(situation: Situation, current: OwnCertificate | undefined, record: SecretRecord): SecretRecord {
  const next = { ...record, ...(current && { arn: current.arn }) }
  if (current && current.fingerprint === next.mustReplace) delete next.mustReplace
  if (current || settling(situation) !== undefined) return next
  delete next.arn
  if (situation.wanted || situation.own.length > 0) return next
  const imports = (record.imports ?? []).filter((at) => situation.now - Date.parse(at) < day)
  return imports.length > 0 ? { imports } : {}
}

/** What the Secret holds is the best sign; then memory; then what is in use. The ARN makes it the same on every node. */
function choose(alive: OwnCertificate[], { reading, record, referenced }: Situation): OwnCertificate | undefined {
  const rank = (one: OwnCertificate) =>
    (reading.state === 'sound' && one.fingerprint === reading.facts.fingerprint ? 8 : 0) +
    (one.arn === record.arn ? 4 : 0) +
    (one.inUse ? 2 : 0) +
    (referenced.has(one.arn) ? 1 : 0)
  return alive.toSorted((one, other) => rank(other) - rank(one) || (one.arn < other.arn ? -1 : 1))[0]
}

function bring(
  situation: Situation,
  alive: OwnCertificate[],
  current: OwnCertificate | undefined,
  { facts, material }: Extract<Reading, { state: 'sound' }>,
  result: Plan,
): void {
  const uncovered = situation.hosts.filter((host) => !facts.names.some((name) => matches(name, host)))
  if (uncovered.length > 0) {
    const message = `The certificate in ${situation.key} is not for ${uncovered.join(', ')}.`
    result.notices.push({ type: 'Warning', reason: 'HostNotCovered', message })
  }
  if (current?.fingerprint === facts.fingerprint) return
  result.inSync = false
  const last = situation.record.lastImport
  const wait = settling(situation)
  // Nobody knows yet what became of the last import, or ACM may still show what was before it.
  if (wait !== undefined && (!current || last?.kind !== 'renewal' || last.fingerprint === facts.fingerprint)) {
    result.again = wait
    if (!current) result.current = undefined
    return
  }
  const hindrance = current && hinders(current, facts, situation.record)
  // One that was replaced and is not deleted yet may be just right again.
  const fit = hindrance ? alive.find((one) => !hinders(one, facts, situation.record)) : current
  const kind = !current ? 'first' : fit ? 'renewal' : 'replacement'
  const pause = exhausted(situation, kind)
  if (pause) {
    result.again = situation.now + day / 24
    result.notices.push({ type: 'Warning', reason: 'ImportsPaused', message: pause })
    return
  }
  const because = hindrance ?? (current ? 'the Secret holds another certificate' : 'ACM has none for this Secret')
  result.steps.push({ do: 'import', kind, ...(fit && { arn: fit.arn }), facts, material, because })
}

/** Until when the last import may still be on its way to where ACM shows it; undefined once it was seen there. */
function settling({ own, record: { lastImport }, now, limits }: Situation): number | undefined {
  if (!lastImport || lastImport.outcome === 'refused') return undefined
  const { fingerprint, arn } = lastImport
  if (own.some((one) => one.fingerprint === fingerprint && (!arn || arn === one.arn))) return undefined
  const until = Date.parse(lastImport.at) + limits.settleMs
  return now < until ? until : undefined
}

/** Why ACM would not put the new certificate under the old ARN. */
function hinders(current: OwnCertificate, facts: Facts, record: SecretRecord): string | undefined {
  if (record.mustReplace === facts.fingerprint) return 'ACM refused it under the same ARN'
  if (current.keyAlgorithm !== facts.keyAlgorithm)
    return `the key changes from ${current.keyAlgorithm} to ${facts.keyAlgorithm}`
  // That one usage may go: certificate authorities had to stop giving it, and ACM made an exception.
  const dropped = current.usages.filter((usage) => !facts.usages.includes(usage) && usage !== clientAuth)
  if (dropped.length > 0) return `the usages ${dropped.join(', ')} are gone`
  return current.names.some((name) => facts.names.includes(name)) ? undefined : 'no name is the same'
}

/** The last tenth of the year's budget is for renewals: what is served must not expire for something new. */
function exhausted({ key, record, now, limits, importsThisYear }: Situation, kind: ImportKind): string | undefined {
  const today = (record.imports ?? []).filter((at) => now - Date.parse(at) < day).length
  if (today >= limits.importsPerSecretPerDay)
    return `${key} was imported ${today} times within a day; the next import waits. Something changes the Secret too often.`
  const budget = kind === 'renewal' ? limits.importsPerYear : Math.floor(limits.importsPerYear * 0.9)
  if (importsThisYear < budget) return undefined
  return `${importsThisYear} imports within a year: the budget of ${limits.importsPerYear} does not allow another ${kind} one.`
}

function complaint({ key }: Situation, reading: Exclude<Reading, { state: 'sound' }>): Notice {
  if (reading.state === 'missing')
    return {
      type: 'Warning',
      reason: 'SecretMissing',
      message: `There is no Secret ${key}. What ACM has stays as it is.`,
    }
  return { type: 'Warning', reason: reading.reason, message: `${key} is not taken over. ${reading.message}` }
}

export const matches = (name: string, host: string): boolean =>
  name === host || (name.startsWith('*.') && host.slice(host.indexOf('.')) === name.slice(1) && !host.startsWith('*.'))

export const earliest = (...times: (number | undefined)[]): number | undefined =>
  times.reduce((first, each) => (first === undefined || (each !== undefined && each < first) ? each : first), undefined)
