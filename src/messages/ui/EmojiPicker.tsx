import Apple from 'lucide-react/icons/apple'
import Clock from 'lucide-react/icons/clock'
import Flag from 'lucide-react/icons/flag'
import Hand from 'lucide-react/icons/hand'
import Heart from 'lucide-react/icons/heart'
import Lightbulb from 'lucide-react/icons/lightbulb'
import PawPrint from 'lucide-react/icons/paw-print'
import Plane from 'lucide-react/icons/plane'
import Search from 'lucide-react/icons/search'
import Smile from 'lucide-react/icons/smile'
import Trophy from 'lucide-react/icons/trophy'
import { memo, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { EmojiOfMany } from '#platform/ui/EmojiPictures.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { typesText } from '#platform/ui/keyboard.ts'
import { Popover } from '#platform/ui/Popover.tsx'
import { useStore } from '#platform/ui/store.ts'
import { offerEmoji, type EmojiGroup, type OfferedEmoji } from './emoji-offer.ts'
import { recentEmoji } from './emoji-recents.ts'
import { skinTone } from './skin-tone.ts'
import { SkinTones } from './SkinTones.tsx'
import './EmojiPicker.css'

const columns = 9
/** In the order of the groups. */
const signs = [Clock, Smile, Hand, PawPrint, Apple, Plane, Trophy, Lightbulb, Heart, Flag]

/** By name, by group or by looking: typing searches, arrows walk the grid, Enter takes. */
export function EmojiPicker(props: {
  anchor: Element | RefObject<Element | null>
  /** Under the anchor instead of over it: where what the emoji is for stands above. */
  below?: boolean | undefined
  onPick: (emoji: string) => void
  onClose: () => void
}) {
  const { anchor, below, onPick, onClose } = props
  const recents = useStore(recentEmoji)
  const tone = useStore(skinTone)
  const [query, setQuery] = useState('')
  const [named, setNamed] = useState<OfferedEmoji>()
  const [current, setCurrent] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const groups = useMemo(() => offerEmoji(query, recents.slice(0, columns * 2), tone), [query, recents, tone])
  const searching = query.trim() !== ''
  // Where Tab and the arrow down lead: what one has in sight.
  const entrance = Math.max(
    0,
    groups.findIndex(({ emoji }, at) => emoji.length > 0 && (searching || at >= current)),
  )

  const buttons = () => [...(grid.current?.querySelectorAll('button') ?? [])]
  const sections = () => [...(grid.current?.querySelectorAll('section') ?? [])]
  const look = (wanted: string) => {
    setQuery(wanted)
    // What is found begins at its top, and so does the whole again.
    setCurrent(0)
    grid.current?.scrollTo({ top: 0 })
  }
  const fieldKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') sections()[entrance]?.querySelector('button')?.focus()
    else if (event.key === 'Enter') buttons()[0]?.click()
    else return
    event.preventDefault()
  }
  const gridKey = (event: KeyboardEvent) => {
    const all = buttons()
    const at = all.indexOf(event.target as HTMLButtonElement)
    if (at < 0) return
    const sideways = sidewaysOf(event)
    const upright = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (sideways) all[at + sideways]?.focus()
    else if (upright) (nearest(all, at, upright) ?? (upright < 0 ? field.current : null))?.focus()
    else if (event.key === 'Home') all[0]?.focus()
    else if (event.key === 'End') all.at(-1)?.focus()
    else if (typesText(event) && event.key !== ' ') {
      field.current?.focus()
      return
    } else return
    event.preventDefault()
  }
  const begins = () => sections().map((each) => each.offsetTop - (grid.current?.offsetTop ?? 0))
  const goTo = (at: number) => {
    setCurrent(at)
    grid.current?.scrollTo({ top: begins()[at] ?? 0 })
  }
  const follow = () => {
    const { scrollTop, clientHeight, scrollHeight } = grid.current!
    const last = scrollTop + clientHeight >= scrollHeight - 1
    setCurrent(
      last
        ? signs.length - 1
        : Math.max(
            0,
            begins().findLastIndex((top) => top <= scrollTop + 8),
          ),
    )
  }

  return (
    <Popover
      anchor={anchor}
      label="Emoji"
      onClose={onClose}
      side={below ? 'bottom' : 'top'}
      align={below ? 'start' : 'end'}
      initialFocus={field}
      className="emoji-picker"
    >
      <div className="emoji-head">
        <label className="emoji-search">
          <Icon of={Search} />
          <span className="visually-hidden">Find an emoji</span>
          <input
            ref={field}
            type="search"
            value={query}
            placeholder="Find an emoji"
            autoComplete="off"
            onChange={(event) => look(event.currentTarget.value)}
            onKeyDown={fieldKey}
          />
        </label>
        <SkinTones />
      </div>
      {!searching && <Groups groups={groups} current={current} onGoTo={goTo} />}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys of the buttons inside */}
      <div className="emoji-groups" ref={grid} onKeyDown={gridKey} onScroll={searching ? undefined : follow}>
        {groups.map((group, at) => (
          <Group key={group.name} group={group} first={at === entrance} onPick={onPick} onName={setNamed} />
        ))}
        {groups.length === 0 && <p className="muted emoji-none">No emoji with “{query}”.</p>}
      </div>
      <p className="emoji-named muted truncate" aria-hidden="true">
        {named ? (
          <>
            <EmojiOfMany key={named.emoji} emoji={named.emoji} /> {named.name}
          </>
        ) : (
          'Pick one'
        )}
      </p>
    </Popover>
  )
}

/** One tab stop: arrows walk, Enter goes to the group. */
function Groups(props: { groups: readonly EmojiGroup[]; current: number; onGoTo: (at: number) => void }) {
  const { groups, current, onGoTo } = props
  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const all = [...event.currentTarget.querySelectorAll('button')]
    const step = sidewaysOf(event)
    if (!step) return
    event.preventDefault()
    all[(all.indexOf(event.target as HTMLButtonElement) + step + all.length) % all.length]?.focus()
  }
  return (
    <div className="emoji-tabs" role="toolbar" aria-label="Groups" tabIndex={-1} onKeyDown={walk}>
      {groups.map(({ name }, at) => (
        <IconButton
          key={name}
          label={name}
          icon={signs[at] ?? Smile}
          tabIndex={at === current ? 0 : -1}
          aria-current={at === current || undefined}
          onClick={() => onGoTo(at)}
        />
      ))}
    </div>
  )
}

/** Of its own, so that what is pointed at draws no other group anew. */
const Group = memo(function Group(props: {
  group: EmojiGroup
  /** The first button is where Tab leads. */
  first: boolean
  onPick: (emoji: string) => void
  onName: (emoji: OfferedEmoji) => void
}) {
  const { group, first, onPick, onName } = props
  // The room that it takes before it was drawn, so that the bar of the list is right from the beginning.
  const rows = Math.ceil(group.emoji.length / columns)
  return (
    <section aria-label={group.name} style={{ containIntrinsicBlockSize: `auto ${1.75 + rows * 2.2}rem` }}>
      <h3>{group.name}</h3>
      <div className="emoji-grid">
        {group.emoji.map((each, at) => (
          <button
            key={each.emoji}
            type="button"
            tabIndex={first && at === 0 ? 0 : -1}
            aria-label={each.name}
            data-tooltip={each.name}
            onClick={() => onPick(each.emoji)}
            onPointerEnter={() => onName(each)}
            onFocus={() => onName(each)}
          >
            <EmojiOfMany emoji={each.emoji} />
          </button>
        ))}
      </div>
    </section>
  )
})

/** The step that an arrow key asks for among what stands side by side. */
function sidewaysOf(event: KeyboardEvent): number | undefined {
  const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
  return { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key]
}

/** The button in the row above or below that stands nearest. */
function nearest(all: HTMLButtonElement[], at: number, step: number): HTMLButtonElement | undefined {
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
