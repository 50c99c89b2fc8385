import type { Formats } from '#platform/ui/format.ts'
import type { Reply } from '#platform/contract/endpoint.ts'
import type { listChannelsInCommon } from '../contract.ts'

/** So many channels are named on a card. */
const most = 3

/** `4 channels in common` and `#berths, #data, #general, and 1 other`. */
export function inCommonWords(
  { count, channels }: Reply<typeof listChannelsInCommon>,
  formats: Pick<Formats, 'count' | 'list'>,
): { title: string; names: string } {
  if (count === 0) return { title: 'No channels in common', names: '' }
  // As long as there are channels, so that those without a name here are counted among the others.
  const names = Array.from({ length: count }, (_, at) => `#${channels[at]?.name ?? ''}`)
  return {
    title: `${formats.count(count)} ${count === 1 ? 'channel' : 'channels'} in common`,
    names: formats.list(names, most),
  }
}
