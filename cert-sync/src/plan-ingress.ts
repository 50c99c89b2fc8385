import type { Ingress } from './kubernetes/ingress.ts'
import type { Key } from './names.ts'

/** Of each Secret the ARN that Ingresses should name; null for none, absent while that is not known. */
export type Current = ReadonlyMap<Key, string | null>

/**
 * The ARNs to write into an Ingress, in the order of its `tls` entries, or undefined to leave it alone. Nothing is ever
 * taken away for lack of knowledge: a listener without its certificate serves nobody.
 */
export function planIngress(ingress: Ingress, current: Current): string[] | undefined {
  if (!ingress.optedIn) return undefined
  if (ingress.secrets.some((key) => !current.has(key))) return undefined
  const arns = [...new Set(ingress.secrets.flatMap((key) => current.get(key) ?? []))]
  return arns.length === 0 || arns.join(',') === ingress.arns.join(',') ? undefined : arns
}
