import { channelNameFault as faultOf, spellChannelName } from '../rules.ts'
import { longestName } from '../shapes.ts'

/** While typing: small letters, and a dash for each gap between words. As the server keeps it, in any language. */
export function writeChannelName(typed: string): string {
  const begun = spellChannelName(typed.replace(/^[\s#-]+/u, '').replace(/\s+/gu, '-'))
  return begun.replace(/--+/gu, '-')
}

/** A sentence about what is wrong with a name, or nothing. */
export function channelNameFault(name: string): string | undefined {
  if (name === '') return 'A channel needs a name.'
  if (Array.from(name).length > longestName) return `At most ${longestName} characters.`
  const fault = faultOf(name)
  if (fault?.problem.startsWith('has ')) return `The name ${fault.problem}.`
  return fault && 'Small letters, digits and dashes: delivery-team'
}
