/** A host as requests may name it: an IPv6 address in brackets, or a name or IPv4 address; then, perhaps, a port. */
export const hostForm = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::\d{0,5})?$/

/** A name may end with the dot of the root, and is the same name without it. */
export const withoutDot = (name: string): string => name.replace(/\.$/, '')

/** A name as `HOSTS` has it, as requests will have it: in lower case, IDN in its ASCII form. undefined: it is none. */
export function hostName(given: string): string | undefined {
  const url = URL.parse(`http://${given}`)
  const isBare = url && url.host === url.hostname && url.href === `http://${url.hostname}/` && !/[/?#@:]$/.test(given)
  if (!isBare || !hostForm.test(url.hostname)) return undefined
  return withoutDot(url.hostname)
}
