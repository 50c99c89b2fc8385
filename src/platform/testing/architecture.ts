import path from 'node:path'

/** From the bottom up. What stands on one line may not import each other. Files directly in `src/` stand on top. */
const ladder = [
  ['platform'],
  ['delivery'],
  ['audit'],
  ['accounts'],
  ['members'],
  ['attachments'],
  ['conversations'],
  ['messages'],
  ['search', 'notifications', 'webhooks'],
  ['admin'],
  ['web'],
  ['seed'],
  ['acceptance'],
]

/** What both sides of the wire share: the only files outside `ui/` that the browser may be given. */
const shared = /^[^/]+\/((\w+-)?contract|shapes|rules|problems)\.ts$|^platform\/(contract|markdown)\//
const emptyNames = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'service',
  'services',
])
const longFile = 300

interface Import {
  readonly from: string
  /** Path below `src/`, or the name of a package. */
  readonly to: string
  readonly kind: 'relative' | 'absolute' | 'package'
}

/**
 * Checks the layout of DESIGN.md and the rules of shape.
 * @param files path below `src/` → source text
 * @returns one sentence for each violation
 */
export function violations(files: ReadonlyMap<string, string>): string[] {
  const imports = [...files].flatMap(([file, source]) => importsOf(file, source))
  return [
    ...imports.flatMap((each) => importRules.flatMap((rule) => sentence(each, rule(each)))),
    ...[...files].flatMap(([file, source]) =>
      fileRules.flatMap((rule) => rule(file, source).map((what) => `${file} ${what}`)),
    ),
  ]
}

const sentence = ({ from, to }: Import, why: string | undefined): string[] =>
  why === undefined ? [] : [`${from} imports ${to}: ${why}`]

const featureOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '')
const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)testing(\/|\.ts$)/.test(file)
const isUi = (file: string): boolean => /(^|\/)ui\//.test(file) || featureOf(file) === 'web'

function rankOf(file: string): number {
  const feature = featureOf(file)
  const rank = ladder.findIndex((names) => names.includes(feature))
  // Files directly in src/, which name every feature, and folders that are not on the ladder (a rule of their own).
  return rank === -1 ? ladder.length : rank
}

const importRules: ((each: Import) => string | undefined)[] = [
  function upward({ from, to, kind }) {
    if (kind === 'package' || featureOf(from) === featureOf(to)) return undefined
    // Nobody imports a test, so it may look at its feature from above.
    if (isTest(from)) return undefined
    if (isTest(to)) return 'what is made for tests is for tests only'
    return rankOf(to) >= rankOf(from) ? 'imports point down the ladder only' : undefined
  },
  function foreignStore({ from, to, kind }) {
    if (kind === 'package' || featureOf(from) === featureOf(to)) return undefined
    return /^[^/]+\/store\.ts$/.test(to) ? `only ${featureOf(to)}/ itself may use its store` : undefined
  },
  function serverToUi({ from, to, kind }) {
    // A test may hold the screen's state against the server's.
    if (kind === 'package' || isUi(from) || !isUi(to) || isTest(from)) return undefined
    return 'server code never imports the UI'
  },
  function uiToServer({ from, to, kind }) {
    if (!isUi(from) || isTest(from)) return undefined
    if (kind === 'package') return to.startsWith('node:') ? 'the browser has no Node.js' : undefined
    return isUi(to) || shared.test(to)
      ? undefined
      : 'the UI imports contracts, shapes, rules, problems and other UI only'
  },
  function sharedToServer({ from, to, kind }) {
    if (!shared.test(from) || isTest(from)) return undefined
    if (kind === 'package') return to.startsWith('node:') ? 'the browser loads this file and has no Node.js' : undefined
    return undefined
  },
  function leavesFeature({ from, to, kind }) {
    return kind === 'relative' && featureOf(from) !== featureOf(to)
      ? 'an import that leaves its feature is written #feature/file.ts'
      : undefined
  },
]

const fileRules: ((file: string, source: string) => string[])[] = [
  function offTheLadder(file) {
    const known = !file.includes('/') || ladder.some((names) => names.includes(featureOf(file)))
    return known ? [] : ['is in a folder that has no place on the ladder (platform/testing/architecture.ts)']
  },
  function barrel(file, source) {
    if (/^index\.[jt]sx?$/.test(path.basename(file))) return ['is a barrel: import the file that has the thing']
    return /^export \* /m.test(source) ? ['passes on all of another file: import that one instead'] : []
  },
  function defaultExport(file, source) {
    const isConfig = file.endsWith('.config.ts')
    return !isConfig && /^export default\b|^export \{[^}]*\bas default\b/m.test(source) ? ['has a default export'] : []
  },
  function emptyName(file) {
    const words = file
      .replace(/(\.test)?\.tsx?$/, '')
      .split('/')
      .map((part) => part.split(/-|\.|(?<=[a-z])(?=[A-Z])/).at(-1) ?? '')
    const empty = words.find((word) => emptyNames.has(word.toLowerCase()))
    return empty === undefined ? [] : [`has "${empty}" for a name, which says nothing about what is in it`]
  },
  function tooLong(file, source) {
    const lines = source.trimEnd().split('\n').length
    // A test file is a list of sentences; cutting it in two makes nothing clearer.
    if (lines <= longFile || isTest(file) || /^\s*\/[/*]/.test(source)) return []
    return [`has ${lines} lines, and no comment at its top says why it is so long`]
  },
]

// Static imports begin their line, and dynamic ones stand outside of double quotes, which only texts with quotes in
// them have here; anything else that looks like an import is text.
const statement = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g

function importsOf(from: string, source: string): Import[] {
  const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '').replace(/"[^"\n]*"/g, '""')
  return [...code.matchAll(statement), ...code.matchAll(dynamic)].map(([, to = '']) => {
    if (to.startsWith('#')) return { from, to: to.slice(1), kind: 'absolute' }
    if (to.startsWith('.')) return { from, to: path.posix.join(path.posix.dirname(from), to), kind: 'relative' }
    return { from, to, kind: 'package' }
  })
}
