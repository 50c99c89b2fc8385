import { useRef, useState } from 'react'
import { explain } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import type { Message } from '../shapes.ts'
import { Markdown } from './Markdown.tsx'
import { remove } from './messaging.ts'

/** It cannot be undone, so it is asked. */
export function DeleteMessage({ message, onClose }: { message: Message; onClose: (deleted: boolean) => void }) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const button = useRef<HTMLButtonElement>(null)
  const run = async () => {
    setBusy(true)
    try {
      await remove(message)
      onClose(true)
    } catch (error) {
      setFailure(explain(error))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title="Delete this message?"
      lede="Its text is gone for everybody and for good. A line stays where it was."
      onClose={() => onClose(false)}
      onSubmit={() => void run()}
      initialFocus={button}
      foot={
        <>
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button ref={button} kind="danger" type="submit" loading={busy}>
            Delete message
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      <blockquote className="doomed">
        <Markdown body={message.body} tab={-1} />
      </blockquote>
    </Dialog>
  )
}
