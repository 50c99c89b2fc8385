import { iso } from './clock.ts'
import type { Settings } from './settings.ts'
import type { Step } from './plan.ts'
import type { Survey } from './survey.ts'

/** A survey in words, a line per thing. Shows nothing of a key. */
export function show({ secrets, ingresses }: Survey, settings: Settings): string {
  const { cluster, region, namespaces } = settings
  const lines = [`Cluster ${cluster}, region ${region}, namespaces ${namespaces.join(', ')}`]
  for (const { situation, planned } of secrets) {
    const { key, reading, wanted, own } = situation
    lines.push('', `Secret ${key}`)
    if (!wanted) lines.push('  no Ingress that opted in names it')
    else if (reading.state === 'sound') {
      const { names, notAfter, keyAlgorithm, serial } = reading.facts
      lines.push(
        `  holds   ${names.join(', ')} until ${iso(notAfter).slice(0, 10)} (${keyAlgorithm}, serial ${serial})`,
      )
    }
    for (const { arn, notAfter, inUse } of own) {
      const role = arn === planned.current ? 'current' : 'not wanted any more'
      lines.push(`  ACM     ${arn} until ${iso(notAfter).slice(0, 10)}, ${inUse ? 'in use' : 'not in use'}, ${role}`)
    }
    for (const { type, reason, message } of planned.notices)
      lines.push(`  ${type === 'Warning' ? 'WARNING' : 'note'} ${reason}: ${message}`)
    for (const step of planned.steps) lines.push(`  → ${describe(step)}`)
    if (planned.steps.length === 0)
      lines.push(planned.inSync ? '  in sync' : '  → nothing now; looked at again when it changes')
    if (planned.again !== undefined) lines.push(`  next look by ${iso(planned.again)}`)
  }
  for (const { ingress, arns } of ingresses) {
    lines.push('', `Ingress ${ingress.key}`)
    if (arns === 'same') lines.push(`  in sync  ${ingress.arns.join(', ') || 'nothing to name yet'}`)
    else
      lines.push(
        arns === 'later' ? '  → annotate once ACM has its certificate' : `  → annotate with ${arns.join(', ')}`,
      )
  }
  if (secrets.length === 0 && ingresses.length === 0)
    lines.push('', 'No Ingress opted in, and nothing of ours is in ACM.')
  return `${lines.join('\n')}\n`
}

function describe(step: Step): string {
  if (step.do === 'remember') return `note in the records: ${step.because}`
  if (step.do === 'delete') return `delete ${step.arn}: ${step.because}`
  return step.arn ? `import again under ${step.arn}: ${step.because}` : `import as new: ${step.because}`
}
