import { nameFault, spellName } from '#platform/contract/readable.ts'
import { channelNamePattern, longestName } from './shapes.ts'

// Pure facts and questions that the server and the UI share.

const channelPattern = new RegExp(channelNamePattern, 'u')

/** A channel's name as it is kept. The dot that lower case leaves on an İ is not seen on the i, and goes. */
export const spellChannelName = (given: string): string =>
  spellName(given).toLowerCase().replaceAll('i\u0307', 'i').normalize('NFC')

/** What is wrong with a channel's name that is spelt as it is kept, as a fragment to go behind the name of its field. */
export function channelNameFault(name: string): { code: 'wrong-format' | 'too-long'; problem: string } | undefined {
  if (!channelPattern.test(name))
    return { code: 'wrong-format', problem: 'must be letters and digits, joined by single - or _' }
  const problem = nameFault(name)
  if (problem !== undefined) return { code: 'wrong-format', problem }
  if (Array.from(name).length > longestName)
    return { code: 'too-long', problem: `must have at most ${longestName} characters in lower case` }
  return undefined
}
