import { useEffect, useRef, useState } from 'react'
import { ensurePeople, people } from '#accounts/ui/people.ts'
import { formats } from '#platform/ui/theme.ts'
import { bodyFault, maxBodyLength } from '../rules.ts'
import { createPast, follow, stands, withMeant, type Meant } from './meant.ts'
import { idsIn, toBody, toText } from './mentions.ts'
import { messaging } from './messaging.ts'
import { namesSettled, typedNames } from './whom.ts'

const nameOf = (id: string) => people.get().get(id)?.name

/** How a text was changed: where the caret stood then, and whether it was undone or redone. */
export interface Edit {
  caret?: number | undefined
  undone?: boolean
}

/**
 * The text of one place as it is being written, kept as a draft with every change. `initial` is a body, for what has
 * no draft yet.
 */
export function useBody(conversationId: string, place: string, initial = '') {
  const { drafts } = messaging()
  const [first] = useState(() => toText(drafts.read(place) || initial, nameOf))
  const [text, setText] = useState(first.text)
  /** The text and who is meant in it, ahead of the next rendering. */
  const now = useRef<{ text: string; meant: readonly Meant[] }>({ text: first.text, meant: first.people })
  const [past] = useState(createPast)
  const written = useRef(false)
  const start = useRef(initial)

  const become = (next: string, meant: readonly Meant[]) => {
    now.current = { text: next, meant }
    past.keep(next, meant)
    setText(next)
  }
  const show = (body: string) => {
    const found = toText(body, nameOf)
    become(found.text, found.people)
  }
  useEffect(() => {
    let current = true
    // The device may answer, and people may be known, after the first look; what is typed meanwhile wins.
    const load = () => {
      const body = drafts.read(place) || initial
      if (current && !written.current && body) show(body)
      ensurePeople(idsIn(body))
    }
    void drafts.ready.then(load)
    const stop = people.subscribe(load)
    // Another window wrote on, sent or emptied it, and nothing else was typed here since.
    const unfollow = drafts.follow(place, () => {
      written.current = false
      const body = drafts.read(place) || start.current
      show(body)
      ensurePeople(idsIn(body))
    })
    return () => {
      current = false
      stop()
      unfollow()
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a place has one component, by its key
  }, [place])

  // What an edit began with was edited elsewhere: unless something was typed here, that is what one edits now.
  useEffect(() => {
    if (start.current === initial) return
    start.current = initial
    if (!drafts.read(place)) show(initial)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  }, [initial])

  const settled = () => namesSettled(conversationId, now.current.text, now.current.meant)
  useEffect(() => {
    if (!written.current || !/[@＠]/.test(text)) return undefined
    // While one writes, so that there is nothing to wait for when it is sent.
    const timer = setTimeout(() => void settled(), 300)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- it looks at what is there then
  }, [text])

  /** Who is meant for certain: whoever came by the clipboard only under the name that is theirs. */
  const certain = () => now.current.meant.filter((each) => !each.pasted || nameOf(each.id) === each.name)
  const keep = () => drafts.write(place, toBody(now.current.text, certain()))
  const change = (next: string, { caret, undone }: Edit = {}) => {
    written.current = true
    const { text: before, meant } = now.current
    become(next, (undone && past.of(next)) || follow(meant, before, next, caret))
    keep()
  }
  const body = () => toBody(now.current.text, [...certain(), ...typedNames(conversationId)])
  return {
    text,
    change,
    /** The text of a body in its place, with its mentions. */
    put: (next: string) => {
      const found = toText(next, nameOf)
      written.current = true
      become(found.text, found.people)
      keep()
    },
    /** `@name` at this place of the text means this person. */
    mean: (person: Meant) => {
      if (!stands(now.current.text, person)) return
      if (person.pasted) ensurePeople([person.id])
      become(now.current.text, withMeant(now.current.meant, person))
      keep()
    },
    meant: () => now.current.meant,
    body,
    /** When the names that were written by hand have been looked for; undefined when they have been already. */
    settled,
  }
}

/** Characters that are left, once it is worth saying: from a thousand on. Negative when it is too long. */
export function charactersLeft(body: string): number | undefined {
  if (body.length < maxBodyLength - 1000) return undefined
  return maxBodyLength - Array.from(body).length
}

/** Why it cannot be sent, in words; undefined when it can. */
export function whyNot(body: string): string | undefined {
  if (bodyFault(body) !== 'message-too-long') return undefined
  const over = Array.from(body).length - maxBodyLength
  const characters = over === 1 ? '1 character' : `${formats().count(over)} characters`
  return `This is ${characters} too long. Shorten it, or send it in parts.`
}
