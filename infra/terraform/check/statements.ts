// Gathers the statements of every IAM policy: `aws_iam_policy_document` and JSON files that a template reads.
import {
  type Block,
  type Body,
  type Configuration,
  type Folder,
  type Value,
  nested,
  ofKind,
  readBeside,
  textOf,
} from './configuration.ts'

/** Stands for what only AWS, or another module, knows. */
export const unknown = '\u0000'

export interface Condition {
  test: string
  key: string
  values: string[]
}

export interface Statement {
  effect: string
  actions: string[]
  resources: string[]
  conditions: Condition[]
  /** `Service: ec2.amazonaws.com`; none in a policy that hangs on a role. */
  principals: string[]
}

export interface Policy {
  where: string
  statements: Statement[]
}

export function policiesIn(configuration: Configuration): { policies: Policy[]; missing: Policy[] } {
  const policies: Policy[] = []
  const missing: Policy[] = []
  for (const folder of configuration.folders.values()) {
    for (const block of ofKind(folder, 'data', 'aws_iam_policy_document')) {
      policies.push({ where: `${block.file} ${block.address}`, statements: statementsOf(folder, block) })
    }
    for (const [name, { value, file }] of folder.locals) {
      const [call, template] = /templatefile\("\$\{path\.module\}\/([^"]+\.json)"/.exec(textOf(value)) ?? []
      if (!call) continue
      const where = `${file} local.${name} (${template!.replace(/^(\.\.\/)+/, '')})`
      const text = readBeside(folder, template!)
      if (text === undefined) missing.push({ where, statements: [] })
      else policies.push({ where, statements: statementsOfJson(text) })
    }
  }
  return { policies, missing }
}

function statementsOf(folder: Folder, { body }: Block): Statement[] {
  const dynamic = nested((body.dynamic ?? {}) as Body, 'statement').flatMap((each) => nested(each, 'content'))
  return [...nested(body, 'statement'), ...dynamic].map((statement) => ({
    effect: textOf(statement.effect ?? 'Allow'),
    actions: texts(folder, statement.actions),
    resources: texts(folder, statement.resources),
    conditions: nested(statement, 'condition').map(({ test, variable, values }) => ({
      test: textOf(test),
      key: resolve(folder, textOf(variable)),
      values: texts(folder, values),
    })),
    principals: nested(statement, 'principals').flatMap(({ type, identifiers }) =>
      texts(folder, identifiers).map((identifier) => `${textOf(type)}: ${identifier}`),
    ),
  }))
}

const texts = (folder: Folder, value: Value | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map((each) => resolve(folder, textOf(each))) : [unknown]

const known: Record<string, string> = {
  account_id: '123456789012',
  partition: 'aws',
  id: 'eu-north-1',
}

/** A text with its locals and the account's facts filled in; whatever else an expression gives is `unknown`. */
export function resolve(folder: Folder, text: string, depth = 0): string {
  return text.replaceAll(/\$\{([^{}]*)\}/g, (_, expression: string) => {
    const [, name] = /^local\.([\w-]+)$/.exec(expression) ?? []
    const local = name ? folder.locals.get(name)?.value : undefined
    if (typeof local === 'string' && depth < 8) return resolve(folder, local, depth + 1)
    const [, fact] = /^data\.aws_(?:caller_identity|partition|region)\.current\.(\w+)$/.exec(expression) ?? []
    return (fact && known[fact]) || unknown
  })
}

interface JsonStatement {
  Effect: string
  Action: string | string[]
  Resource?: string | string[]
  Condition?: Record<string, Record<string, string | string[]>>
}

function statementsOfJson(text: string): Statement[] {
  const filled = text
    .replaceAll('${partition}', known.partition!)
    .replaceAll('${region}', known.id!)
    .replaceAll('${account}', known.account_id!)
    .replaceAll(/\$\{\w+\}/g, 'unknown')
  const { Statement: statements } = JSON.parse(filled) as { Statement: JsonStatement[] }
  return statements.map((statement) => ({
    effect: statement.Effect,
    actions: [statement.Action].flat(),
    resources: [statement.Resource ?? []].flat(),
    principals: [],
    conditions: Object.entries(statement.Condition ?? {}).flatMap(([test, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ test, key, values: [values].flat() })),
    ),
  }))
}
