import { useEffect, useState } from 'react'
import { people } from '#accounts/ui/people.ts'
import { session } from '#accounts/ui/session.ts'
import { leaveThisBrowser } from '#accounts/ui/sign-out.ts'
import { copyText } from '#messages/ui/actions.ts'
import { toText } from '#messages/ui/mentions.ts'
import { forgetUnsentOf, unsentOf } from '#messages/ui/unsent.ts'
import { explain } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { toast } from '#platform/ui/toast.ts'

/**
 * Signing out takes what the account has in this browser with it. What was written and not sent is nowhere else, so it
 * is shown first: to be copied, kept here for the next time, or deleted.
 */
export function SignOut({ onClose: stay }: { onClose: () => void }) {
  const [unsent, setUnsent] = useState<string[]>()
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    let here = true
    const begin = async () => {
      const now = session.get()
      if (now.state !== 'signed-in') return stay()
      const { messages, drafts } = await unsentOf(now.me.id)
      if (!here) return
      const texts = [...messages, ...drafts.map((draft) => ({ body: draft.text }))].map(({ body }) => readable(body))
      if (texts.length > 0) return setUnsent(texts)
      try {
        await leaveThisBrowser(forgetUnsentOf)
      } catch (error) {
        toast(explain(error), { danger: true })
      }
      stay()
    }
    void begin()
    return () => {
      here = false
    }
  }, [stay])
  if (!unsent) return null
  const leave = async (forget: (accountId: string) => Promise<void>) => {
    setBusy(true)
    try {
      await leaveThisBrowser(forget)
      stay()
    } catch (error) {
      setFailure(explain(error))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title="Sign out?"
      lede={
        unsent.length === 1
          ? 'One thing that you wrote was not sent. It is on this device and nowhere else.'
          : `${unsent.length} things that you wrote were not sent. They are on this device and nowhere else.`
      }
      onClose={stay}
      closeOnPressOutside={false}
      foot={
        <>
          <Button onClick={stay}>Cancel</Button>
          <Button onClick={() => void leave(async () => {})}>Keep here and sign out</Button>
          <Button kind="danger" loading={busy} onClick={() => void leave(forgetUnsentOf)}>
            Delete and sign out
          </Button>
        </>
      }
    >
      {failure && <Alert>{failure}</Alert>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by the keyboard too */}
      <ul className="quoted fades" tabIndex={0} aria-label="What was not sent">
        {unsent.map((text, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- the list does not change while it is shown
          <li key={at} dir="auto">
            {text}
          </li>
        ))}
      </ul>
      <p>
        What is kept here can be read by whoever uses this browser.{' '}
        <LinkButton onClick={() => void copyText(unsent.join('\n\n'))}>Copy all</LinkButton>
      </p>
    </Dialog>
  )
}

const readable = (body: string) => toText(body, (id) => people.get().get(id)?.name).text
