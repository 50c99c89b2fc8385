import { refuse } from '#platform/contract/problem.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { channelNamePattern, longestName } from './rules.ts'

const channelPattern = new RegExp(channelNamePattern, 'u')

const wrong = (problem: 'wrong-format' | 'too-long', sentence: string) =>
  refuse(httpProblems[problem], { fields: [{ at: '/body/name', problem: sentence }] })

/** A channel's name as it is kept. Lower case and composition may change its length, so it is measured here again. */
export function channelName(given: string): string {
  const name = given.trim().normalize('NFC').toLowerCase().normalize('NFC')
  if (!channelPattern.test(name)) throw wrong('wrong-format', 'must be letters and digits, joined by single - or _')
  if (Array.from(name).length > longestName)
    throw wrong('too-long', `must have at most ${longestName} characters in lower case`)
  return name
}

/** A group's name as it is kept. */
export function groupName(given: string): string {
  const name = given.trim()
  if (!/[^\s\p{Cc}\p{Cf}]/u.test(name)) throw wrong('wrong-format', 'must have a character that can be seen')
  return name
}
