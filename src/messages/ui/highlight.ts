import { common, createLowlight } from 'lowlight'

/** A piece of code and the kind of word it is: keyword, string, number, name or comment. */
export type Piece = { text: string; kind?: 'k' | 's' | 'n' | 'f' | 'c' | undefined }

const lowlight = createLowlight(common)

const kinds: Record<string, Piece['kind']> = {
  keyword: 'k',
  built_in: 'k',
  literal: 'k',
  type: 'k',
  'selector-tag': 'k',
  tag: 'k',
  string: 's',
  regexp: 's',
  addition: 's',
  char: 's',
  number: 'n',
  symbol: 'n',
  deletion: 'n',
  title: 'f',
  section: 'f',
  attr: 'f',
  attribute: 'f',
  name: 'f',
  'selector-class': 'f',
  'selector-id': 'f',
  property: 'f',
  comment: 'c',
  quote: 'c',
  doctag: 'c',
}

/** Undefined when the language is not one of the common ones: then the code is shown plain. */
export function highlight(text: string, language: string): Piece[] | undefined {
  if (!lowlight.registered(language)) return undefined
  return pieces(lowlight.highlight(language, text).children, undefined)
}

type Nodes = ReturnType<typeof lowlight.highlight>['children']

function pieces(nodes: Nodes, around: Piece['kind']): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    if (node.type === 'text') return [{ text: node.value, kind: around }]
    if (node.type !== 'element') return []
    const names = Array.isArray(node.properties['className']) ? node.properties['className'] : []
    const own = names.map((name) => kinds[name.replace(/^hljs-/, '')]).find((kind) => kind !== undefined)
    return pieces(node.children, own ?? around)
  })
}
