import { useEffect, useRef, useState } from 'react'
import { ensurePeople, people } from '#accounts/ui/people.ts'
import { bodyFault, maxBodyLength } from '../rules.ts'
import { idsIn, toBody, toText, type Person } from './mentions.ts'
import { messaging } from './messaging.ts'
import { membersOf } from './whom.ts'

const nameOf = (id: string) => people.get().get(id)?.name

/**
 * The text of one place as it is being written, kept as a draft with every change. `initial` is a body, for what has
 * no draft yet.
 */
export function useBody(conversationId: string, place: string, initial = '') {
  const { drafts } = messaging()
  const meant = useRef<Person[]>([])
  const [text, setText] = useState(() => toText(drafts.read(place) || initial, nameOf).text)
  const written = useRef(false)

  const show = (body: string) => {
    const found = toText(body, nameOf)
    meant.current = [...meant.current, ...found.people]
    setText(found.text)
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
    return () => {
      current = false
      stop()
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a place has one component, by its key
  }, [place])

  /** People of the conversation are known by their name alone, unless two share it. */
  const known = (): Person[] => {
    const ids = new Set(text.includes('@') ? membersOf(conversationId).get() : [])
    const inside = [...people.get().values()].filter((person) => ids.has(person.id))
    const names = inside.map((person) => person.name.toLocaleLowerCase())
    const alone = inside.filter((_, at) => names.indexOf(names[at]!) === names.lastIndexOf(names[at]!))
    return [...alone, ...meant.current]
  }
  const change = (next: string) => {
    written.current = true
    setText(next)
    drafts.write(place, toBody(next, meant.current))
  }
  return {
    text,
    change,
    /** The text of a body in its place, with its mentions. */
    put: (body: string) => {
      const found = toText(body, nameOf)
      meant.current = [...meant.current, ...found.people]
      change(found.text)
    },
    mean: (person: Person) => {
      meant.current = [...meant.current.filter((each) => each.name !== person.name), person]
    },
    body: () => toBody(text, known()),
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
  const characters = over === 1 ? '1 character' : `${over.toLocaleString('en')} characters`
  return `This is ${characters} too long. Shorten it, or send it in parts.`
}
