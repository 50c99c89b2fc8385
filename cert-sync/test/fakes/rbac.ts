import { readFileSync } from 'node:fs'

interface Rule {
  resources: string[]
  verbs: string[]
  resourceNames?: string[]
}

/** Namespace → what the service account may do there. */
export type Rules = Record<string, Rule[]>

interface Call {
  verb: string
  resource: string
  namespace: string
  name?: string
}

/** rbac.json with its one placeholder filled in. */
export function rulesFor(own: string, watched: string[], tlsSecretNames: string[]): Rules {
  const text = readFileSync(new URL('../../rbac.json', import.meta.url), 'utf8')
  const given = JSON.parse(text) as { watchedNamespaces: Rule[]; ownNamespace: Rule[] }
  const filled = given.watchedNamespaces.map((rule) => ({
    ...rule,
    ...(rule.resourceNames && { resourceNames: tlsSecretNames }),
  }))
  const rules: Rules = { [own]: [...given.ownNamespace] }
  for (const namespace of watched) rules[namespace] = [...(rules[namespace] ?? []), ...filled]
  return rules
}

export const mayDo = (rules: Rules, { verb, resource, namespace, name }: Call): boolean =>
  (rules[namespace] ?? []).some(
    (rule) =>
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb) &&
      (!rule.resourceNames || (name !== undefined && rule.resourceNames.includes(name))),
  )
