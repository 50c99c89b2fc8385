import { channelNamePattern, longestName } from '../rules.ts'

const wellFormed = new RegExp(channelNamePattern, 'u')

/** While typing: small letters, and a dash for each gap between words. */
export function writeChannelName(typed: string): string {
  return typed
    .toLocaleLowerCase()
    .replace(/^[\s#-]+/u, '')
    .replace(/\s+/gu, '-')
    .replace(/--+/gu, '-')
}

/** A sentence about what is wrong with a name, or nothing. */
export function channelNameFault(name: string): string | undefined {
  if (name === '') return 'A channel needs a name.'
  if (Array.from(name).length > longestName) return `At most ${longestName} characters.`
  if (!wellFormed.test(name)) return 'Small letters, digits and dashes: delivery-team'
  return undefined
}
