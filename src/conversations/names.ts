import { nameFault, spellName } from '#platform/contract/readable.ts'
import { refuse } from '#platform/contract/problem.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { channelNameFault, spellChannelName } from './rules.ts'
import { longestName } from './shapes.ts'

const wrong = (code: 'wrong-format' | 'too-long', at: string, problem: string) =>
  refuse(httpProblems[code], { fields: [{ at, problem }] })

/** A channel's name as it is kept. Lower case and composition may change its length, so it is measured here again. */
export function channelName(given: string): string {
  const name = spellChannelName(given)
  const fault = channelNameFault(name)
  if (fault) throw wrong(fault.code, '/body/name', fault.problem)
  return name
}

/** A group's name as it is kept. */
export function groupName(given: string): string {
  const name = spellName(given)
  const problem = nameFault(name)
  if (problem !== undefined) throw wrong('wrong-format', '/body/name', problem)
  // Normal form C is longer than the original in rare cases.
  if (Array.from(name).length > longestName)
    throw wrong('too-long', '/body/name', `must have at most ${longestName} characters`)
  return name
}

/** In code points. */
const longestTopic = 500

/** A topic as it is kept: one line, which may be empty. */
export function topicText(given: string): string {
  const topic = spellName(given.replace(/\s*[\r\n\t\u2028\u2029]\s*/gu, ' '))
  const problem = topic === '' ? undefined : nameFault(topic)
  if (problem !== undefined) throw wrong('wrong-format', '/body/topic', problem)
  if (Array.from(topic).length > longestTopic)
    throw wrong('too-long', '/body/topic', `must have at most ${longestTopic} characters`)
  return topic
}
