import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import { useEffect, useState } from 'react'
import type { Account } from '#accounts/shapes.ts'
import { useMe, usePlace } from '#accounts/ui/session.ts'
import { PeoplePicker } from '#members/ui/PeoplePicker.tsx'
import { ApiProblem, call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { Kbd } from '#platform/ui/Kbd.tsx'
import { defineShortcut, useShortcut } from '#platform/ui/keyboard.ts'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { RadioCards } from '#platform/ui/RadioCard.tsx'
import { useStore } from '#platform/ui/store.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { createConversation, listChannels } from '../contract.ts'
import { openConversation } from './addresses.ts'
import { channelNameFault, writeChannelName } from './channel-name.ts'
import { conversations } from './conversation-store.ts'
import { useDoing } from './use-doing.ts'

const create = defineShortcut({ keys: 'Ctrl+Enter', label: 'Create what the dialog describes', group: 'Dialogs' })

export function CreateChannel({ name: begun, onClose }: { name?: string | undefined; onClose: () => void }) {
  const place = usePlace()
  const me = useMe()
  const keys = useStore(keysAtHand)
  const [name, setName] = useState(() => writeChannelName(begun ?? ''))
  const [left, setLeft] = useState(false)
  const [topic, setTopic] = useState('')
  const [visibility, setVisibility] = useState<'public' | 'private'>('public')
  const [people, setPeople] = useState<readonly Account[]>([])
  const { doing, failure, attempt } = useDoing()
  const fault = channelNameFault(name)
  const taken = useNameTaken(fault ? '' : name)
  const error = taken === 'taken' ? takenWords(name) : left ? fault : undefined

  const submit = async () => {
    setLeft(true)
    if (fault || taken === 'taken') return
    const done = await attempt(async () => {
      try {
        const made = await call(createConversation, {
          body: {
            kind: 'channel',
            name,
            visibility,
            accountIds: people.map((account) => account.id),
            ...(topic.trim() ? { topic: topic.trim() } : {}),
          },
        })
        conversations.adopt(made)
        openConversation(made.id)
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'name-taken') rememberTaken(name)
        throw error
      }
    })
    if (done) onClose()
  }
  useShortcut(create, () => void submit())

  return (
    <Dialog
      title="Create a channel"
      lede="One subject, one channel. People find it by its name."
      onClose={onClose}
      onSubmit={() => void submit()}
      closeOnPressOutside={name === '' && topic === '' && people.length === 0}
      foot={
        <>
          <span className="start off-phone" hidden={!keys}>
            <Kbd keys="Ctrl+Enter" /> creates
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" loading={doing}>
            Create channel
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <Field
        label="Name"
        icon={Hash}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={name}
        onChange={(event) => {
          setName(writeChannelName(event.target.value))
          setLeft(false)
        }}
        onBlur={() => {
          // A dash is there while the next word is on its way; nobody means it at the end.
          setName((now) => now.replace(/[-_]+$/u, ''))
          setLeft(name !== '')
        }}
        error={error}
        hint={taken === 'free' ? 'This name is free.' : 'Small letters, digits and dashes: delivery-team'}
        good={taken === 'free'}
      />
      <Field
        label="Topic"
        beside="Optional"
        placeholder="What belongs here?"
        maxLength={500}
        value={topic}
        onChange={(event) => setTopic(event.target.value)}
      />
      <RadioCards
        legend="Who can read it"
        value={visibility}
        onChange={setVisibility}
        choices={[
          {
            value: 'public',
            title: `Everyone at ${isolated(place.name)}`,
            hint: 'Anyone can find, join and read it. Guests only when they are added.',
          },
          {
            value: 'private',
            title: 'Only people who are added',
            hint: 'Nobody else learns that it exists.',
            icon: Lock,
          },
        ]}
      />
      <PeoplePicker
        label="Add people"
        beside="Optional"
        chosen={people}
        onChange={setPeople}
        without={new Set([me.id])}
      />
    </Dialog>
  )
}

const takenWords = (name: string) =>
  `There is a channel ${isolated(`#${name}`)} already. Open it, or choose another name.`

/** Names that the server refused, also those that only read like another channel's. */
const refused = new Set<string>()
const rememberTaken = (name: string) => void refused.add(name)

/** Whether a name is free, asked a moment after the last key. Offline it is not known, and nothing is said. */
function useNameTaken(name: string): 'free' | 'taken' | undefined {
  const [answer, setAnswer] = useState<{ name: string; state: 'free' | 'taken' }>()
  useEffect(() => {
    if (name === '') return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => void ask(name, abort.signal, setAnswer), 200)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [name])
  if (name !== '' && refused.has(name)) return 'taken'
  return answer?.name === name ? answer.state : undefined
}

async function ask(
  name: string,
  signal: AbortSignal,
  onAnswer: (answer: { name: string; state: 'free' | 'taken' }) => void,
): Promise<void> {
  try {
    // By name, so the exact one would be among the first that contain it, but for very common pieces.
    let after: string | undefined
    do {
      const page = await call(
        listChannels,
        { query: { query: name, limit: 200, ...(after === undefined ? {} : { after }) } },
        { signal },
      )
      if (page.channels.some((channel) => channel.name?.toLowerCase() === name)) {
        return onAnswer({ name, state: 'taken' })
      }
      after = page.next ?? undefined
    } while (after !== undefined)
    const mine = [...conversations.store.get().byId.values()]
    const own = mine.some((one) => one.kind === 'channel' && one.name?.toLowerCase() === name)
    onAnswer({ name, state: own ? 'taken' : 'free' })
  } catch {
    // Unknown: the server says it when the channel is created.
  }
}
