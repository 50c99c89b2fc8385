// What `npm audit --json` (report version 2) says, as findings that can be kept and compared.

/** One advisory about one installed package. */
export interface Finding {
  /** `GHSA-…` where the advisory has one. */
  id: string
  package: string
  /** Folder of the lock file; '' is the product itself. */
  folder: string
  severity: string
  title: string
  url: string
  /** Versions with the flaw, as npm writes ranges. */
  range: string
  /** Versions of the package that the lock file had when this was found. */
  versions: string[]
}

interface Advisory {
  source: number
  name: string
  title: string
  url: string
  severity: string
  range: string
}

interface Report {
  auditReportVersion: number
  vulnerabilities: Record<string, { via: (Advisory | string)[]; nodes: string[] }>
}

export interface Lock {
  packages: Record<string, { name?: string; version?: string }>
}

/** What a lock file has of a package, each version once. */
export function versionsIn(lock: Lock, name: string): string[] {
  const found = Object.entries(lock.packages).filter(([at, { name: own }]) => (own ?? nameAt(at)) === name)
  return [...new Set(found.flatMap(([, { version }]) => version ?? []))].sort()
}

/** `node_modules/a/node_modules/@b/c` → `@b/c`. */
const nameAt = (at: string): string => at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The findings of a report about the lock file of a folder. null: this is no report, the registry did not answer. */
export function findingsIn(report: unknown, lock: Lock, folder: string): Finding[] | null {
  if (!isReport(report)) return null
  const findings = new Map<string, Finding>()
  for (const { via, nodes } of Object.values(report.vulnerabilities))
    // A word names another package that this one needs, and whose own entry tells more.
    for (const advisory of via) {
      if (typeof advisory === 'string') continue
      const { name, title, url, severity, range } = advisory
      const id = /GHSA(?:-\w{4}){3}/.exec(url)?.[0] ?? `npm-${advisory.source}`
      const versions = [...new Set(nodes.flatMap((at) => lock.packages[at]?.version ?? []))].sort()
      findings.set(`${id} ${name}`, { id, package: name, folder, severity, title, url, range, versions })
    }
  return [...findings.values()].sort((a, b) => (`${a.package} ${a.id}` < `${b.package} ${b.id}` ? -1 : 1))
}

function isReport(report: unknown): report is Report {
  const { auditReportVersion, vulnerabilities } = (report ?? {}) as Partial<Report>
  return auditReportVersion === 2 && typeof vulnerabilities === 'object'
}
