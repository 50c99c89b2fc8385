// Evaluates iam.json as IAM would, for the operators that it uses. An unknown operator is an error, not a "no".
import { readFileSync } from 'node:fs'

type OneOrMany = string | string[]
interface Statement {
  Sid: string
  Effect: 'Allow' | 'Deny'
  Action: OneOrMany
  Resource: OneOrMany
  Condition?: Record<string, Record<string, OneOrMany>>
}
export type Policy = { Statement: Statement[] }

export interface Question {
  action: string
  resource: string
  /** Condition key → value, or values of a multivalued key. */
  context: Record<string, OneOrMany | undefined>
}

export function policyFor(values: Record<'partition' | 'region' | 'account' | 'cluster', string>): Policy {
  const text = readFileSync(new URL('../../iam.json', import.meta.url), 'utf8')
  return JSON.parse(text.replace(/\$\{(\w+)\}/g, (_, name: keyof typeof values) => values[name])) as Policy
}

export function allows(policy: Policy, question: Question): boolean {
  const fitting = policy.Statement.filter((statement) => fits(statement, question))
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny')
}

const many = (value: OneOrMany | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

const like = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
  ).test(value)

function fits({ Action, Resource, Condition = {} }: Statement, { action, resource, context }: Question): boolean {
  if (!many(Action).some((pattern) => like(pattern, action))) return false
  if (!many(Resource).some((pattern) => like(pattern, resource))) return false
  return Object.entries(Condition).every(([operator, conditions]) =>
    Object.entries(conditions).every(([key, wanted]) => holds(operator, many(wanted), context[key])),
  )
}

function holds(operator: string, wanted: string[], value: OneOrMany | undefined): boolean {
  switch (operator) {
    case 'StringEquals':
      return value !== undefined && many(value).some((each) => wanted.includes(each))
    case 'StringEqualsIfExists':
      return value === undefined || many(value).some((each) => wanted.includes(each))
    case 'ForAllValues:StringEquals':
      return many(value).every((each) => wanted.includes(each))
    case 'Null':
      return (value === undefined || many(value).length === 0) === (wanted[0] === 'true')
    default:
      throw new Error(`The fake does not know the condition operator ${operator}.`)
  }
}
