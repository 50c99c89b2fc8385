import {
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { announce } from '#platform/ui/announce.ts'
import { later } from '#platform/ui/later.ts'
import { defineShortcut, matches, type Shortcut } from '#platform/ui/keyboard.ts'
import { isPressed } from '#platform/ui/keys-at-hand.ts'
import type { Change, Format } from './formatting.ts'
import { meantWithin, type Meant } from './meant.ts'
import { fill, read } from './mention-clipboard.ts'
import { mentionAt } from './mentions.ts'
import type { Edit } from './useBody.ts'
import { useCandidates, type Candidate } from './whom.ts'
import './Composer.css'

const formatting = later(() => import('./formatting.ts'))
const mentionList = later(async () => {
  const [{ MentionList }, { matching }] = await Promise.all([import('./MentionList.tsx'), import('./matching.ts')])
  return { MentionList, matching }
})

const group = 'While writing'
const own = { group, global: false }
const formatKeys: readonly [Format, Shortcut][] = [
  ['bold', defineShortcut({ keys: 'Ctrl+B', label: 'Bold', ...own })],
  ['italic', defineShortcut({ keys: 'Ctrl+I', label: 'Italic', ...own })],
  ['code', defineShortcut({ keys: 'Ctrl+E', label: 'Code', ...own })],
  ['strike', defineShortcut({ keys: 'Ctrl+Shift+X', label: 'Strike', ...own })],
]
const send = defineShortcut({ keys: 'Enter', label: 'Send', ...own })
const sendToo = defineShortcut({ keys: 'Ctrl+Enter', label: 'Send', ...own })
const newLine = defineShortcut({ keys: 'Shift+Enter', label: 'New line', ...own })

/** Enter of a screen's keyboard makes a line: it has no Shift that one holds, and the button to send is beside it. */
const sends = (event: KeyboardEvent['nativeEvent']) =>
  matches(event, sendToo.keys) || (matches(event, send.keys) && isPressed(event))

export interface WritingHandle {
  focus: () => void
  /** At the caret, as if it were typed: undo takes it back. */
  insert: (text: string) => void
  format: (how: Format) => void
}

/** A text that grows with what is written, completes names behind `@` and knows the keys of Markdown. */
export function Writing(props: {
  conversationId: string
  value: string
  onChange: (text: string, edit: Edit) => void
  /** A name was chosen or pasted: where it stands in the text it means this person. */
  onMean: (person: Meant) => void
  /** Who is meant in the text now. */
  meant: () => readonly Meant[]
  onSend: () => void
  /** Keys that it does not take itself; `true` when they were used. */
  onKey?: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean
  label: string
  placeholder?: string
  channel: boolean
  describedBy?: string | undefined
  invalid?: boolean
  ref?: Ref<WritingHandle>
  children?: ReactNode
}) {
  const { conversationId, value, onChange, onMean, meant, onSend, onKey, label, placeholder, channel, ref } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const visited = useRef(false)
  const listId = useId()
  const [query, setQuery] = useState<{ from: number; query: string }>()
  const [chosen, setChosen] = useState(0)
  const { candidates, more } = useCandidates(conversationId, query?.query, channel, mentionList.now()?.matching)
  const [, listArrived] = useReducer((times: number) => times + 1, 0)
  const List = mentionList.now()?.MentionList
  // No key picks from a list that is not to be seen.
  const open = query !== undefined && candidates.length > 0 && List !== undefined
  const wanted = query !== undefined && !List
  useEffect(() => {
    if (wanted) void mentionList.load().then(listArrived)
  }, [wanted])
  const at = Math.min(chosen, candidates.length - 1)

  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    // Its height is that of its words: first without one, to measure. What it stands in keeps its height meanwhile:
    // a timeline that grew for that moment would be moved away from its lower edge.
    const frame = element.parentElement!
    frame.style.blockSize = `${frame.getBoundingClientRect().height}px`
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight}px`
    frame.style.blockSize = ''
  })

  const change = ({ from, to, insert, start, end }: Change) => {
    const element = field.current
    if (!element) return
    element.focus()
    element.setSelectionRange(from, to)
    // Deprecated, and the only way that undo knows of.
    const known = insert
      ? document.execCommand('insertText', false, insert)
      : from === to || document.execCommand('delete')
    if (!known) {
      element.setRangeText(insert, from, to, 'end')
      onChange(element.value, { caret: element.selectionEnd })
    }
    element.setSelectionRange(start, end)
  }
  const selected = () => {
    const element = field.current
    return { text: element?.value ?? '', start: element?.selectionStart ?? 0, end: element?.selectionEnd ?? 0 }
  }
  const applyFormat = (how: Format) => {
    const apply = (known: ReturnType<typeof formatting.now>) => known && change(known.format(selected(), how))
    const known = formatting.now()
    if (known) apply(known)
    else void formatting.load().then(apply)
  }
  const insert = (text: string) => {
    const { start, end } = selected()
    change({ from: start, to: end, insert: text, start: start + text.length, end: start + text.length })
  }
  const focus = () => {
    const element = field.current
    element?.focus()
    // What was written before goes on at its end; later the caret stays where it was left.
    if (!visited.current) element?.setSelectionRange(element.value.length, element.value.length)
    visited.current = true
  }
  useImperativeHandle(ref, () => ({ focus, insert, format: applyFormat }))

  const look = (element: HTMLTextAreaElement) => {
    const at = element.selectionStart === element.selectionEnd ? element.selectionStart : 0
    const before = at > 0 ? mentionAt(element.value, at) : undefined
    // Whoever was picked already is not asked for again.
    const found = meant().some((each) => each.at === before?.from) ? undefined : before
    if (found?.query !== query?.query) setChosen(0)
    setQuery(found)
  }
  const pick = ({ account }: Candidate) => {
    if (!query) return
    const text = `@${account?.name ?? 'channel'} `
    const caret = query.from + text.length
    change({ from: query.from, to: query.from + 1 + query.query.length, insert: text, start: caret, end: caret })
    if (account) onMean({ id: account.id, name: account.name, at: query.from })
    setQuery(undefined)
  }
  const copyMeant = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { text, start, end } = selected()
    const within = meantWithin(meant(), start, end)
    if (within.length === 0) return
    event.preventDefault()
    fill(event.clipboardData, { text: text.slice(start, end), meant: within })
    if (event.type === 'cut') change({ from: start, to: end, insert: '', start, end: start })
  }
  const pasteMeant = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const clip = read(event.clipboardData)
    if (!clip) return
    event.preventDefault()
    const { start } = selected()
    insert(clip.text)
    for (const each of clip.meant) onMean({ ...each, at: start + each.at })
  }

  const mentionKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!open || event.ctrlKey || event.metaKey || event.altKey) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      const next = (at + step + candidates.length) % candidates.length
      setChosen(next)
      announce(candidates[next]?.account?.name ?? 'channel', { topic: 'mention' })
      return true
    }
    if (event.key === 'Escape') {
      setQuery(undefined)
      return true
    }
    const candidate = candidates[at]
    if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && candidate) {
      pick(candidate)
      return true
    }
    return false
  }
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const formatted = formatKeys.find(([, shortcut]) => matches(event.nativeEvent, shortcut.keys))
    if (mentionKey(event)) event.preventDefault()
    else if (formatted) {
      event.preventDefault()
      applyFormat(formatted[0])
    } else if (sends(event.nativeEvent)) {
      event.preventDefault()
      onSend()
    } else if (matches(event.nativeEvent, newLine.keys)) return
    else if (onKey?.(event)) event.preventDefault()
    else return
    event.stopPropagation()
  }

  return (
    <>
      {open && <List id={listId} candidates={candidates} chosen={at} more={more} onPick={pick} />}
      <textarea
        ref={field}
        className="writing"
        data-region-start=""
        rows={1}
        dir="auto"
        value={value}
        aria-label={label}
        placeholder={placeholder}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId} ${at}` : undefined}
        onChange={(event) => {
          const { inputType } = event.nativeEvent as InputEvent
          const undone = inputType === 'historyUndo' || inputType === 'historyRedo'
          onChange(event.currentTarget.value, { caret: event.currentTarget.selectionEnd, undone })
          look(event.currentTarget)
        }}
        onSelect={(event) => look(event.currentTarget)}
        onPointerDown={() => (visited.current = true)}
        onBlur={() => setQuery(undefined)}
        onKeyDown={keyDown}
        onCopy={copyMeant}
        onCut={copyMeant}
        onPaste={pasteMeant}
      />
    </>
  )
}
