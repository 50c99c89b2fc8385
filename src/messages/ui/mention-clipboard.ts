/*
 * Names are copied as they are shown, wherever they are pasted; pasted here they mean the same people. Beside the plain
 * text goes who is meant where in it, in a format of our own. Where the clipboard takes plain text alone, or what was
 * copied was selected by hand, it is found again: by what was copied last, or by the elements that were copied.
 */
import type { Meant } from './meant.ts'

export interface Clip {
  text: string
  meant: readonly Meant[]
}

const ours = 'application/x-all-is-whale-mentions'
let last: Clip | undefined

/** Formats beside plain text, for whoever fills the clipboard. */
export function formatsOf(clip: Clip): Record<string, string> {
  last = clip
  return { [ours]: JSON.stringify(clip.meant.map(({ id, name, at }) => ({ id, name, at }))) }
}

export function fill(data: DataTransfer, clip: Clip): void {
  data.setData('text/plain', clip.text)
  for (const [type, content] of Object.entries(formatsOf(clip))) data.setData(type, content)
}

/** What is pasted, when it means somebody. Anybody may have written it: the name has to be that person's. */
export function read(data: DataTransfer): Clip | undefined {
  const text = data.getData('text/plain').replace(/\r\n?/g, '\n')
  if (!text.includes('@')) return undefined
  const known =
    placed(text, listed(data.getData(ours))) ??
    (last && last.text === text ? last.meant : undefined) ??
    placed(text, marked(data.getData('text/html')))
  return known && known.length > 0 ? { text, meant: known.map((each) => ({ ...each, pasted: true })) } : undefined
}

type Found = { id: string; name: string; at?: number }

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function listed(json: string): Found[] | undefined {
  try {
    const all: unknown = json && JSON.parse(json)
    return Array.isArray(all) ? all.filter(isFound) : undefined
  } catch {
    return undefined
  }
}

function isFound(value: unknown): value is Found {
  const { id, name, at } = (value ?? {}) as Partial<Record<keyof Found, unknown>>
  return typeof id === 'string' && uuid.test(id) && typeof name === 'string' && name !== '' && Number.isInteger(at)
}

/** Mentions of a timeline that was selected by hand; the document is never shown, and nothing in it is run. */
function marked(html: string): Found[] | undefined {
  if (!html.includes('data-mention')) return undefined
  const copied = new DOMParser().parseFromString(html, 'text/html')
  return [...copied.querySelectorAll<HTMLElement>('[data-mention]')].flatMap((element) => {
    const id = element.dataset['mention'] ?? ''
    const name = (element.textContent ?? '').replace(/^@/, '')
    return uuid.test(id) && name ? [{ id, name }] : []
  })
}

/** Where they stand in the text: at their place if it says so, else one behind the other. */
function placed(text: string, found: readonly Found[] | undefined): Meant[] | undefined {
  if (!found) return undefined
  let from = 0
  return found.flatMap(({ id, name, at: said }) => {
    const sign = `@${name}`
    const at = said !== undefined && text.startsWith(sign, said) ? said : text.indexOf(sign, from)
    if (at < from) return []
    from = at + sign.length
    return [{ id, name, at }]
  })
}
