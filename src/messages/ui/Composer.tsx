import AtSign from 'lucide-react/icons/at-sign'
import Plus from 'lucide-react/icons/plus'
import SendHorizontal from 'lucide-react/icons/send-horizontal'
import Smile from 'lucide-react/icons/smile'
import Type from 'lucide-react/icons/type'
import { useEffect, useId, useImperativeHandle, useRef, useState, type Ref } from 'react'
import { people } from '#accounts/ui/people.ts'
import { firstName, useKnownPeople } from '#conversations/ui/conversation-name.ts'
import { useTyping } from '#delivery/ui/typing.ts'
import { announce } from '#platform/ui/announce.ts'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { keptHere } from '#platform/ui/storage.ts'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { formats, useFormats } from '#platform/ui/theme.ts'
import { ticks } from '#platform/ui/ticks.ts'
import { bodyFault } from '../rules.ts'
import { draftPlace } from './drafts.ts'
import { usedEmoji } from './emoji-recents.ts'
import { createHold } from './hold.ts'
import { messaging } from './messaging.ts'
import { EmojiPicker, FormattingRow, whenLoaded } from './parts.ts'
import { charactersLeft, useBody, whyNot, type Edit } from './useBody.ts'
import { Writing, type WritingHandle } from './Writing.tsx'

export interface ComposerHandle {
  focus: () => void
  /** Puts a body in front of what is there: a message that comes back from the outbox. */
  putBack: (body: string) => void
  type: (text: string) => void
}

/** Writes a message, or a reply. What is typed is kept on this device until it is sent. */
export function Composer(props: {
  conversationId: string
  threadRoot: string | null
  /** `Message #delivery`, `Reply to Grace`: its label and, while it is empty, what stands in it. */
  label: string
  /** Whether `@channel` means anybody here. */
  channel: boolean
  onSent: () => void
  onEditLast: () => boolean
  /** Shift Tab: from here to the messages, whatever stands between. */
  onLeave: () => boolean
  ref?: Ref<ComposerHandle>
}) {
  const { conversationId, threadRoot, label, channel, onSent, onEditLast, onLeave, ref } = props
  const { outgoing, connection, drafts } = messaging()
  const place = draftPlace(conversationId, threadRoot)
  const { text, change, put, mean, meant, body, settled } = useBody(conversationId, place)
  const [refusal, setRefusal] = useState<string>()
  const [picking, setPicking] = useState(false)
  const [formatting, setFormatting] = useState(false)
  const [hold] = useState(createHold)
  const writing = useRef<WritingHandle>(null)
  const form = useRef<HTMLFormElement>(null)
  const told = useRef(0)
  const under = useId()
  const left = charactersLeft(text)
  const empty = bodyFault(text) === 'empty-message'

  useImperativeHandle(ref, () => ({
    focus: () => writing.current?.focus(),
    putBack: (back) => {
      put(text.trim() ? `${back}\n\n${body()}` : back)
      writing.current?.focus()
    },
    type: (typed) => writing.current?.insert(typed),
  }))

  // Whoever leaves has sent what they sent.
  useEffect(() => {
    addEventListener('pagehide', hold.release)
    return () => {
      removeEventListener('pagehide', hold.release)
      hold.release()
    }
  }, [hold])

  const written = (all: string, edit: Edit) => {
    let next = all
    if (hold.isHeld()) {
      // What is typed behind a message that is about to go is the next one.
      if (all.startsWith(text)) {
        hold.release()
        next = all.slice(text.length)
      } else hold.cancel()
    }
    change(next, next === all ? edit : {})
    setRefusal(undefined)
    // Others forget it after six seconds; twice within that is enough.
    if (!next.trim() || ticks() - told.current < 3000) return
    told.current = ticks()
    connection.send({ type: 'typing', conversationId, ...(threadRoot ? { threadRoot } : {}) })
  }
  const send = () => {
    if (empty) return
    const { state } = connection.status.get()
    const answers = state === 'live' || state === 'catching-up'
    hold.run(answers ? settled() : undefined, sendNow)
  }
  const sendNow = () => {
    const ready = body()
    // Sent from another window while this one waited.
    if (bodyFault(ready) === 'empty-message') return
    const fault = whyNot(ready)
    setRefusal(fault)
    if (fault) {
      announce(fault)
      return
    }
    const sending = outgoing.send({ conversationId, threadRoot, body: ready, clientId: drafts.send(place) })
    void sending.then(() => drafts.flush())
    change('')
    // The server passes on one sign a second: the next message's first one is not to be lost to this one's last.
    told.current = ticks() - 2000
    onSent()
  }

  return (
    <div className="composer-area">
      <form
        ref={form}
        className="composer"
        aria-label={threadRoot ? 'Reply in thread' : 'New message'}
        data-region={threadRoot ? undefined : ''}
        onSubmit={(event) => {
          event.preventDefault()
          send()
          writing.current?.focus()
        }}
      >
        {formatting && <FormattingRow onFormat={(how) => writing.current?.format(how)} />}
        <div className="composer-line">
          <IconButton
            className="on-phone"
            label="Formatting"
            icon={Plus}
            aria-pressed={formatting}
            onClick={() => whenLoaded(FormattingRow, () => setFormatting(!formatting))}
          />
          <Writing
            ref={writing}
            conversationId={conversationId}
            value={text}
            onChange={written}
            onMean={mean}
            meant={meant}
            onSend={send}
            onKey={(event) => {
              if (event.key === 'Tab' && event.shiftKey) return onLeave()
              const alone = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey
              return event.key === 'ArrowUp' && alone && !text && onEditLast()
            }}
            label={label}
            placeholder={label}
            channel={channel}
            describedBy={refusal ? under : undefined}
            invalid={refusal !== undefined}
          />
          <IconButton
            className="off-phone"
            label="Formatting"
            icon={Type}
            aria-pressed={formatting}
            onClick={() => whenLoaded(FormattingRow, () => setFormatting(!formatting))}
          />
          <IconButton
            className="off-phone"
            label="Mention someone"
            icon={AtSign}
            onClick={() => writing.current?.insert(/(^|\s)$/.test(text) ? '@' : ' @')}
          />
          <IconButton
            label="Emoji"
            icon={Smile}
            aria-expanded={picking}
            onClick={() => whenLoaded(EmojiPicker, () => setPicking(true))}
          />
          <IconButton
            className="send"
            type="submit"
            label="Send"
            tooltip={empty ? 'Write something first' : 'Send'}
            {...(empty ? {} : { keys: 'Enter' })}
            aria-disabled={empty || undefined}
            icon={SendHorizontal}
            flip
          />
        </div>
      </form>
      <div className="under">
        {refusal ? (
          <span className="refusal" id={under}>
            {refusal}
          </span>
        ) : (
          <Under conversationId={conversationId} threadRoot={threadRoot} writing={!empty} />
        )}
        {left !== undefined && !refusal && (
          <span className={left < 0 ? 'end tabular refusal' : 'end tabular'}>
            {left < 0 ? `${formats().count(-left)} too many` : `${formats().count(left)} left`}
          </span>
        )}
      </div>
      {picking && (
        <EmojiPicker
          anchor={form}
          onPick={(emoji) => {
            usedEmoji(emoji)
            setPicking(false)
            writing.current?.insert(emoji)
          }}
          onClose={() => setPicking(false)}
        />
      )}
    </div>
  )
}

/** The strip that is always there: who else is writing, else what will happen to what one writes. */
function Under(props: { conversationId: string; threadRoot: string | null; writing: boolean }) {
  const { conversationId, threadRoot, writing } = props
  const { connection } = messaging()
  const writers = useTyping(conversationId, threadRoot)
  const state = useStore(connection.status, (status) => status.state)
  const away = useAway(state)
  const keeps = useStore(keptHere)
  const keys = useStore(keysAtHand)
  const { list } = useFormats()
  useKnownPeople(writers)
  const names = useStore(
    people,
    (known) =>
      writers
        .map((id) => known.get(id))
        .filter((each) => each !== undefined)
        .map(firstName),
    shallowEqual,
  )
  if (away)
    return <span className="truncate">Will wait {keeps ? 'on this device' : 'in this page'} until you’re online</span>
  if (names.length > 0) {
    const said = names.length > 3 ? 'Several people' : list(names)
    return (
      <>
        <span className="typing-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span className="truncate">
          <b>{said}</b> {names.length === 1 ? 'is' : 'are'} typing
        </span>
      </>
    )
  }
  if (!writing || !keys) return null
  return (
    <span className="end keys off-phone">
      <span>
        <kbd>Enter</kbd> sends
      </span>
      <span>
        <kbd>Shift Enter</kbd> new line
      </span>
    </span>
  )
}

/** A connection that is back within two seconds was never away. */
export function useAway(state: string): boolean {
  const gone = state === 'reconnecting' || state === 'offline'
  const [away, setAway] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setAway(gone), gone ? 2000 : 0)
    return () => clearTimeout(timer)
  }, [gone])
  return away && gone
}
