// Finds what an expression refers to. Not a full parser: it tells text from code (strings, their `${…}`, comments), and
// in code it finds chains of names like `module.network.zones[0]`.

/** A chain of names. `path` holds names, and `[]` where the chain is indexed: `a.b[0].c` → ['a', 'b', '[]', 'c']. */
export interface Reference {
  path: string[]
  text: string
}

/** The code of a template: for `a-${x}-${y["k"]}` the pieces `x` and `y[""]`. Strings inside become empty. */
export function codeOf(template: string): string[] {
  const pieces: string[] = []
  readTemplate(template, 0, pieces, false)
  return pieces
}

function readTemplate(text: string, from: number, pieces: string[], quoted: boolean): number {
  let at = from
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 3
    else if (two === '${' || two === '%{') at = readCode(text, at + 2, pieces)
    else if (quoted && text[at] === '\\') at += 2
    else if (quoted && text[at] === '"') return at + 1
    else at++
  }
  return at
}

function readCode(text: string, from: number, pieces: string[]): number {
  let [at, depth, code] = [from, 0, '']
  while (at < text.length) {
    const char = text[at]!
    if (char === '"') {
      at = readTemplate(text, at + 1, pieces, true)
      code += '""'
      continue
    }
    if (char === '#' || text.startsWith('//', at)) {
      while (at < text.length && text[at] !== '\n') at++
      continue
    }
    if (char === '{') depth++
    if (char === '}' && depth-- === 0) break
    code += char
    at++
  }
  pieces.push(code)
  return at + 1
}

const chain =
  /(?<![\w.-])([a-zA-Z_][\w-]*)((?:\.(?:[a-zA-Z_][\w-]*|\*|\d+)|\[(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\])*\])*)/g
const words = new Set(['for', 'in', 'if', 'else', 'endif', 'endfor', 'true', 'false', 'null'])

/** Everything that a value's expressions refer to, apart from functions, keys of objects and their own loop variables. */
export function referencesIn(value: string): Reference[] {
  const pieces = codeOf(value)
  const own = new Set(pieces.flatMap(loopVariables))
  return pieces.flatMap(chains).filter(({ path }) => !own.has(path[0]!))
}

function loopVariables(code: string): string[] {
  return [...code.matchAll(/\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b/g)].flatMap(([, one, other]) => [one!, other ?? one!])
}

function chains(code: string): Reference[] {
  return [...code.matchAll(chain)].flatMap((match) => {
    const [text, first, rest] = [match[0], match[1]!, match[2]!]
    const after = code.slice(match.index + text.length).trimStart()
    const inside = indexes(rest).flatMap(chains)
    const isFunction = after.startsWith('(') && rest === ''
    const isKey = rest === '' && /^(=(?![=>])|:)/.test(after) && !isCondition(code, match.index)
    if (words.has(first) || isFunction || isKey) return inside
    return [{ path: [first, ...pathOf(rest)], text }, ...inside]
  })
}

// In `a ? b : c` the name before the colon is no key.
const isCondition = (code: string, at: number): boolean => /\?[^:]*$/.test(code.slice(0, at))

function indexes(rest: string): string[] {
  const found: string[] = []
  let [depth, begin] = [0, 0]
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === '[' && depth++ === 0) begin = at + 1
    if (rest[at] === ']' && --depth === 0) found.push(rest.slice(begin, at))
  }
  return found
}

function pathOf(rest: string): string[] {
  const steps: string[] = []
  let [depth, name] = [0, '']
  for (const char of rest) {
    if (char === '[' && depth++ === 0) {
      if (name) steps.push(name)
      name = ''
      steps.push('[]')
    } else if (char === ']') depth--
    else if (depth > 0) continue
    else if (char === '.') {
      if (name) steps.push(name)
      name = ''
    } else name += char
  }
  if (name) steps.push(name)
  return steps.map((step) => (step === '*' || /^\d+$/.test(step) ? '[]' : step))
}

/** The one reference that a value consists of, as in `${var.name}`; undefined for anything more. */
export function soleReference(value: string): Reference | undefined {
  const inner = /^\$\{([^{}]*)\}$/.exec(value)?.[1]
  if (inner === undefined) return undefined
  const found = referencesIn(value)
  return found.length === 1 && found[0]!.text === inner.trim() ? found[0] : undefined
}
