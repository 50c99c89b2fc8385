import { type Finding, type Lock, versionsIn } from './report.ts'

/** `known.json`: what was found, and when. */
export interface Known {
  /** When every lock file was last asked about; null: the registry has never answered. */
  refreshedAt: string | null
  findings: Finding[]
}

/** An entry of `accepted.json`: a known vulnerability that the gate lets pass until a date. */
export interface Accepted {
  id: string
  package: string
  /** Why it does not matter here, or what is done instead. */
  reason: string
  /** The day of the decision (2026-11-30), and the last day on which the entry counts: `longestDays` later at most. */
  on: string
  until: string
}

export interface Verdict {
  failures: string[]
  warnings: string[]
}

const dayMs = 24 * 60 * 60 * 1000
/** A list older than this says little about what is known today. */
const freshDays = 30
/** A reason is looked at again after half a year. */
const longestDays = 183

/** `locks`: folder → its lock file as it is now. */
export function judge(known: Known, accepted: Accepted[], locks: Map<string, Lock>, now: Date): Verdict {
  const failures: string[] = []
  const warnings: string[] = []
  if (known.refreshedAt === null)
    warnings.push(
      'The list of known vulnerabilities has never been refreshed: npm run audit:deps, where a registry answers.',
    )
  else {
    const days = Math.floor((now.getTime() - Date.parse(known.refreshedAt)) / dayMs)
    if (days > freshDays) warnings.push(`The list of known vulnerabilities is ${days} days old: npm run audit:deps.`)
  }
  for (const entry of accepted) failures.push(...complaints(entry))
  // A finding ends with the version that it was about, whether the list was refreshed since or not.
  const standing = known.findings.filter(({ folder, package: name, versions }) => {
    const lock = locks.get(folder)
    return lock !== undefined && versionsIn(lock, name).some((version) => versions.includes(version))
  })
  const isFor = (finding: Finding) => (entry: Accepted) => entry.id === finding.id && entry.package === finding.package
  for (const finding of standing) {
    const { id, package: name, versions, folder, severity, title, url } = finding
    const what = `${name} ${versions.join(', ')} in ${folder || '.'}: ${severity}, ${title} (${id}, ${url})`
    const entry = accepted.find(isFor(finding))
    if (!entry) failures.push(`${what}. Update it, or write a dated reason into dependencies/accepted.json.`)
    else if (now.getTime() >= Date.parse(entry.until) + dayMs)
      failures.push(`${what}. It was accepted until ${entry.until}: look at it again.`)
  }
  for (const entry of accepted)
    if (!standing.some((finding) => isFor(finding)(entry)))
      warnings.push(`dependencies/accepted.json accepts ${entry.id} of ${entry.package}, which is no finding any more.`)
  return { failures, warnings }
}

function complaints({ id, reason, on, until }: Accepted): string[] {
  const days = (Date.parse(until) - Date.parse(on)) / dayMs
  if (!isDay(on) || !isDay(until))
    return [`${id} in dependencies/accepted.json needs two days such as 2026-11-30 (on, until).`]
  if (days < 0 || days > longestDays)
    return [`${id} is accepted for ${days} days; a reason holds ${longestDays} at most.`]
  return reason.trim().length < 20 ? [`${id} in dependencies/accepted.json needs a reason in words.`] : []
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
