// settings.env of an environment on AWS: how it is read, and how what Terraform prints gets into it.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const infra = path.resolve(import.meta.dirname, '..')

export const environments = ['production', 'small', 'standby']

export const settingsFile = (environment: string): string =>
  path.join(infra, 'kubernetes/overlays/aws', environment, 'settings.env')

/** Name → value of each line that is no comment. */
export function parseSettings(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]))
}

export const readSettings = (environment: string): Record<string, string> =>
  parseSettings(readFileSync(settingsFile(environment), 'utf8'))

/**
 * Puts what Terraform printed where it belongs; comments and what Terraform does not know stay as they are.
 * Throws a sentence where the two do not have the same names.
 */
export function fillIn(text: string, printed: string): { text: string; changed: string[] } {
  const values = parseSettings(printed.replaceAll(/^ +/gm, ''))
  const present = parseSettings(text)
  const lacking = Object.keys(values).filter((name) => !(name in present))
  if (lacking.length > 0) throw new Error(`settings.env has no line for ${lacking.join(', ')}, which Terraform prints.`)
  const empty = Object.keys(values).filter((name) => values[name] === '')
  if (Object.keys(values).length === 0 || empty.length > 0)
    throw new Error(`Terraform printed nothing for ${empty.join(', ') || 'any setting'}: was it applied?`)
  const changed = Object.keys(values).filter((name) => values[name] !== present[name])
  const lines = text.split('\n').map((line) => {
    const name = line.split('=', 1)[0]!
    return Object.hasOwn(values, name) ? `${name}=${values[name]}` : line
  })
  return { text: lines.join('\n'), changed }
}

/** The environment that the command line names, or an end with a sentence. */
export function chosenEnvironment(program: string): string {
  const environment = process.argv[2] ?? ''
  if (environments.includes(environment)) return environment
  process.stderr.write(`Say which environment: ${program} ${environments.join(' | ')}\n`)
  process.exit(1)
}
