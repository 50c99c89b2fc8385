// Long because it is a table of values.

import type { Random } from '#seed/random.ts'

// Values that have brought other systems down, by kind. None of them is aimed at one operation.

const nothing = '00000000-0000-0000-0000-000000000000'

/** Spellings of a UUID, right and wrong. */
export const spelledIds = (id: string): readonly string[] => [
  id.toUpperCase(),
  `{${id}}`,
  `urn:uuid:${id}`,
  id.replaceAll('-', ''),
  ` ${id}`,
  `${id}\n`,
  `${id}\0`,
  id.slice(0, -1),
  `${id}0`,
  id.replace(/\d/, 'g'),
  id.replaceAll('-', '‐'),
  id.replace(/\d/, '１'),
  `${id},${id}`,
  `${id}'--`,
  nothing,
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '-'.repeat(36),
  'nonsense',
]

export const hostileNumbers: readonly (number | string)[] = [
  0,
  1,
  -1,
  2,
  50,
  200,
  201,
  0.5,
  1.5,
  -0.5,
  1e-320,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1e15,
  1e16,
  1e21,
  1e22,
  1e100,
  1e308,
  -1e308,
  5e-324,
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '1e3',
  '1E400',
  '0x10',
  '0b1',
  '0o7',
  '1_000',
  '+1',
  '-0',
  '00001',
  ' 1',
  '1 ',
  '1.0',
  '1.',
  '.5',
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  'true',
  '',
  '１',
  '٣',
  '1\0',
  '1;',
  "1' or '1'='1",
  '99999999999999999999999999999999999999',
]

export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\0',
  'a\0b',
  '\\u0000',
  '\ud83d',
  '\udc00',
  '\ud83dx',
  '\ufeff',
  '\ufffe',
  '\uffff',
  '\u{10ffff}',
  '\u200b',
  '\u202e',
  '\u2028',
  'e\u0301',
  '\u0301'.repeat(200),
  'ﷺ'.repeat(20),
  'İ'.repeat(80),
  'ŉ'.repeat(80),
  '👨‍👩‍👧‍👦',
  '🐳'.repeat(40),
  'ß',
  'ﬃ',
  'Ω',
  'ı',
  'ǆ',
  '𐐀',
  '𝔘𝔫𝔦',
  '١٢٣',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'undefined',
  'null',
  'NaN',
  'true',
  '[object Object]',
  "'",
  '"',
  '`',
  '\\',
  '%',
  '_',
  '%_\\',
  "\\'; drop table accounts; --",
  "' or 1=1 --",
  '$1',
  '$$',
  '${1}',
  '{{7*7}}',
  '{}',
  '[]',
  '{1,2}',
  '<script>alert(1)</script>',
  '<@>',
  '<@nonsense>',
  '@channel',
  '```__proto__\n',
  '../../etc/passwd',
  '/dev/null',
  'C:\\',
  'file:///etc/passwd',
  'http://127.0.0.1/',
  'javascript:alert(1)',
  '2026-02-30T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:60Z',
  'infinity',
  'epoch',
  'now',
  'today',
  'a@b',
  'a@b.c',
  'ada@tidewater.example',
  '"a b"@c.example',
  `${'a'.repeat(64)}@${'b'.repeat(180)}.example`,
  'a'.repeat(81),
  'a'.repeat(201),
  'a'.repeat(501),
  'a'.repeat(5_000),
  'é'.repeat(2_000),
  '😀'.repeat(1_000),
  'a-'.repeat(50),
  '-',
  '--',
  '_',
  'a--b',
  'CON',
  '.',
  '..',
  'a/b',
  'a%2fb',
  '%00',
  '%c0%ae',
  '\u0085',
  'x\u007f',
]

/** Of the wrong type wherever one of them lands. */
export const hostileThings: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  '',
  'text',
  [],
  [null],
  [[]],
  [[[[[[]]]]]],
  {},
  { a: 1 },
  { length: 1 },
  { valueOf: 1 },
  { toString: 1 },
  { toJSON: 'x' },
  { $ref: '#' },
  { constructor: { prototype: { polluted: true } } },
  ['__proto__'],
  Array.from({ length: 500 }, () => 0),
  Array.from({ length: 200 }, (_, n) => `x${n}`),
  Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n])),
]

export function hostileText(random: Random): string {
  const one = random.pick(hostileTexts)
  return random.chance(0.2) ? one + random.pick(hostileTexts) : one
}

const dates = [
  '2026-11-30T12:00:00.000Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '-000001-01-01T00:00:00.0Z',
  '0000-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00Z',
  '+294277-01-01T00:00:00Z',
  '2026-13-01T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  'Mon,30Nov2026T00:00:00Z!',
  '2026-11-30T12:00:00+99:99',
  'infinityinfinityinfinit',
  '\u0000'.repeat(24),
]

/** A value where text stands: `String` of `{ toString: 1 }` throws. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const sealed = (text: string) => Buffer.from(text).toString('base64url')

/** A cursor that a list gave, with one part of what it says replaced; or one of no list at all. */
export function hostileCursor(random: Random, id: string, given?: string): string {
  const anId = random.chance(0.7) ? id : random.pick(spelledIds(id))
  const part = () =>
    random.pick<unknown>([
      random.pick(hostileNumbers),
      hostileText(random),
      anId,
      random.pick(dates),
      random.pick(hostileThings),
    ])
  if (given && random.chance(0.4)) return sealed(changed(Buffer.from(given, 'base64url').toString(), random, part))
  switch (random.below(8)) {
    case 0:
    case 1:
      return sealed(`${random.pick(dates)} ${anId}`)
    case 2:
      return sealed(JSON.stringify([random.pick(hostileNumbers), anId]))
    case 3:
      return sealed(JSON.stringify([random.chance(0.5) ? hostileText(random) : random.pick(dates), anId]))
    case 4:
      return sealed(JSON.stringify([hostileText(random)]))
    case 5:
      return `after-${String(random.pick(hostileNumbers))}`
    case 6:
      return sealed(JSON.stringify(Array.from({ length: random.below(4) }, part)))
    default:
      return random.chance(0.5) ? hostileText(random) : sealed(hostileText(random))
  }
}

function changed(says: string, random: Random, part: () => unknown): string {
  if (says.startsWith('[')) {
    try {
      const parts = JSON.parse(says) as unknown[]
      parts[random.below(parts.length)] = part()
      return JSON.stringify(parts)
    } catch {
      return says
    }
  }
  const words = says.split(' ')
  words[random.below(words.length)] = random.chance(0.5) ? random.pick(dates) : asText(part())
  return words.join(' ')
}
