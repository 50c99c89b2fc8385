import { fold } from '#platform/contract/fold.ts'
import Search from 'lucide-react/icons/search'
import { useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { Icon } from '#platform/ui/Icon.tsx'
import { typesText } from '#platform/ui/keyboard.ts'
import { Popover } from '#platform/ui/Popover.tsx'
import { useStore } from '#platform/ui/store.ts'
import { emojiOf } from '../rules.ts'
import { emojiGroups, type EmojiEntry } from './emoji-data.ts'
import { recentEmoji } from './emoji-recents.ts'
import './EmojiPicker.css'

const columns = 9

/** By name or by looking: typing searches, arrows walk the grid, Enter takes. */
export function EmojiPicker(props: {
  anchor: Element | RefObject<Element | null>
  onPick: (emoji: string) => void
  onClose: () => void
}) {
  const { anchor, onPick, onClose } = props
  const recents = useStore(recentEmoji)
  const [query, setQuery] = useState('')
  const [named, setNamed] = useState<EmojiEntry>()
  const field = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const groups = useMemo(() => found(query, recents), [query, recents])
  const count = groups.reduce((sum, group) => sum + group.emoji.length, 0)

  const buttons = () => [...(grid.current?.querySelectorAll('button') ?? [])]
  const fieldKey = (event: KeyboardEvent) => {
    const [first] = buttons()
    if (event.key === 'ArrowDown') first?.focus()
    else if (event.key === 'Enter') first?.click()
    else return
    event.preventDefault()
  }
  const gridKey = (event: KeyboardEvent) => {
    const all = buttons()
    const at = all.indexOf(event.target as HTMLButtonElement)
    if (at < 0) return
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const sideways = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key]
    const upright = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (sideways) all[at + sideways]?.focus()
    else if (upright) (below(all, at, upright) ?? (upright < 0 ? field.current : null))?.focus()
    else if (event.key === 'Home') all[0]?.focus()
    else if (event.key === 'End') all.at(-1)?.focus()
    else if (typesText(event) && event.key !== ' ') {
      field.current?.focus()
      return
    } else return
    event.preventDefault()
  }

  return (
    <Popover
      anchor={anchor}
      label="Emoji"
      onClose={onClose}
      side="top"
      align="end"
      initialFocus={field}
      className="emoji-picker"
    >
      <label className="emoji-search">
        <Icon of={Search} />
        <span className="visually-hidden">Find an emoji</span>
        <input
          ref={field}
          type="search"
          value={query}
          placeholder="Find an emoji"
          autoComplete="off"
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={fieldKey}
        />
      </label>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys of the buttons inside */}
      <div className="emoji-groups" ref={grid} onKeyDown={gridKey}>
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h3>{group.name}</h3>
            <div className="emoji-grid">
              {group.emoji.map((entry, at) => (
                <button
                  key={entry.emoji}
                  type="button"
                  tabIndex={group === groups[0] && at === 0 ? 0 : -1}
                  aria-label={entry.words}
                  onClick={() => onPick(entry.emoji)}
                  onPointerEnter={() => setNamed(entry)}
                  onFocus={() => setNamed(entry)}
                >
                  {entry.emoji}
                </button>
              ))}
            </div>
          </section>
        ))}
        {count === 0 && <p className="muted emoji-none">No emoji with “{query}”.</p>}
      </div>
      <p className="emoji-named muted truncate" aria-hidden="true">
        {named ? `${named.emoji} ${named.words}` : 'Pick one'}
      </p>
    </Popover>
  )
}

/** The button in the row above or below that stands nearest. */
function below(all: HTMLButtonElement[], at: number, step: number): HTMLButtonElement | undefined {
  const from = all[at]?.getBoundingClientRect()
  if (!from) return undefined
  let best: HTMLButtonElement | undefined
  let distance = Infinity
  for (const each of all.slice(Math.max(0, at - 3 * columns), at + 3 * columns)) {
    const to = each.getBoundingClientRect()
    const down = (to.top - from.top) * step
    const away = down * 4 + Math.abs(to.left - from.left)
    if (down > 4 && away < distance) [best, distance] = [each, away]
  }
  return best
}

function found(query: string, recents: readonly string[]): { name: string; emoji: readonly EmojiEntry[] }[] {
  const wanted = fold(query).trim()
  const all = emojiGroups.flatMap((group) => group.emoji)
  if (!wanted) {
    const byEmoji = new Map(all.map((entry) => [entry.emoji, entry]))
    const recent = recents.map((emoji) => byEmoji.get(emoji)).filter((entry) => entry !== undefined)
    return [{ name: 'Recent', emoji: recent.slice(0, columns * 2) }, ...emojiGroups]
  }
  const parts = wanted.split(/\s+/)
  const pasted = emojiOf(query.trim())
  const hits = all.filter(
    ({ emoji, words }) =>
      emoji === pasted || parts.every((part) => words.split(/[\s-]+/).some((word) => word.startsWith(part))),
  )
  return [{ name: 'Found', emoji: hits.slice(0, 120) }].filter((group) => group.emoji.length > 0)
}
