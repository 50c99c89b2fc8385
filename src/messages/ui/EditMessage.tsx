import { useEffect, useId, useRef, useState } from 'react'
import { explain } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { useStore } from '#platform/ui/store.ts'
import { bodyFault } from '../rules.ts'
import type { Message } from '../shapes.ts'
import { useActions } from './actions.ts'
import { editPlace } from './drafts.ts'
import { createHold } from './hold.ts'
import { edit, messaging } from './messaging.ts'
import { useBody, whyNot } from './useBody.ts'
import { Writing, type WritingHandle } from './Writing.tsx'

/** In the message's own place. Esc leaves it, and what was changed is there again next time. */
export function EditMessage({ message, onDone }: { message: Message; onDone: () => void }) {
  const { actions } = useActions()
  const { drafts } = messaging()
  const place = editPlace(message.id)
  const { text, change, mean, meant, body, settled } = useBody(message.conversationId, place, message.body)
  const [saving, setSaving] = useState(false)
  const [failure, setFailure] = useState<string>()
  const [hold] = useState(createHold)
  const writing = useRef<WritingHandle>(null)
  const reason = useId()
  const keys = useStore(keysAtHand)
  useEffect(() => writing.current?.focus(), [])
  const leave = () => {
    drafts.write(place, '')
    onDone()
  }
  const save = () => hold.run(settled(), () => void saveNow())
  const saveNow = async () => {
    const next = body()
    if (saving) return
    if (next === message.body) return leave()
    if (bodyFault(next) === 'empty-message') return actions.remove(message)
    const fault = whyNot(next)
    setFailure(fault)
    if (fault) return
    setSaving(true)
    try {
      await edit(message, next)
      leave()
    } catch (error) {
      setFailure(explain(error))
      setSaving(false)
    }
  }
  return (
    <div className="editing">
      <div className="composer">
        <Writing
          ref={writing}
          conversationId={message.conversationId}
          value={text}
          onChange={(next, edit) => {
            hold.cancel()
            change(next, edit)
          }}
          onMean={mean}
          meant={meant}
          onSend={save}
          onKey={(event) => {
            if (event.key !== 'Escape') return false
            onDone()
            return true
          }}
          label="Edit message"
          channel
          describedBy={failure && reason}
          invalid={failure !== undefined}
        />
      </div>
      {failure && (
        <p className="hint error" id={reason} role="alert">
          {failure}
        </p>
      )}
      <p className="editing-foot">
        <Button small kind="primary" loading={saving} onClick={save}>
          Save
        </Button>
        <Button small onClick={leave}>
          Cancel
        </Button>
        {keys && (
          <span className="hint off-phone">
            <kbd>Esc</kbd> leaves it for later
          </span>
        )}
      </p>
    </div>
  )
}
