import { createElement, useEffect, useReducer, useState, type ComponentType, type ReactNode } from 'react'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'
import { focusPage } from './focus-page.ts'
import { PageBones } from './Skeleton.tsx'
import { later } from './later.ts'
import { toast } from './toast.ts'

/**
 * When it cannot be loaded: a word in passing and `onClose`; nothing, for what only helps; or a page that says so, which
 * shows bones while it waits.
 */
type Missing = 'say' | 'nothing' | 'page'

/** In passing, wherever something could not be loaded. */
export const sayMissing = (): void =>
  toast('This part could not be loaded. Try again when you are online.', { danger: true })

/**
 * A component whose code comes when it is first shown, or ahead of that (`fetchAhead`). Unlike React's `lazy`, a
 * failure is not for ever and takes nothing else down. `load` says whether it is here. What only helps can let the first
 * screen go before: it is asked for `after` so many milliseconds.
 */
export function lazily<P extends object>(
  load: () => Promise<ComponentType<P>>,
  options: {
    missing?: Missing
    waiting?: ReactNode
    /** What a page has around it while it is not here. */
    frame?: ComponentType<{ children: ReactNode }>
    after?: number
  } = {},
) {
  const { missing = 'say', waiting = missing === 'page' && <PageBones />, frame = Alone, after = 0 } = options
  const part = later(load)

  function Lazily(props: P) {
    const [, arrived] = useReducer((times: number) => times + 1, 0)
    const [failed, fail] = useState<boolean>()
    const { onClose } = props as { onClose?: () => void }
    useEffect(() => {
      if (part.now() || failed) return undefined
      let here = true
      const show = async () => {
        const worked = await part.load()
        if (!here) return
        if (worked) return arrived()
        if (missing === 'page') return fail(true)
        if (missing === 'say') sayMissing()
        onClose?.()
      }
      let timer: ReturnType<typeof setTimeout> | undefined
      if (after) timer = setTimeout(() => void show(), after)
      else void show()
      return () => {
        here = false
        clearTimeout(timer)
      }
    }, [onClose, failed])
    const Part = part.now()
    useEffect(() => {
      // Pressed to try again: the button goes, and then the frame around it.
      if (failed === false && document.activeElement === document.body) focusPage(document.querySelector('main'))
    })
    if (Part) return createElement(Part, props)
    if (missing !== 'page') return waiting
    return createElement(frame, null, failed ? <MissingPage onAgain={() => fail(false)} /> : waiting)
  }
  return Object.assign(Lazily, { load: async () => (await part.load()) !== undefined })
}

function Alone({ children }: { children: ReactNode }) {
  return <main className="failed-page">{children}</main>
}

function MissingPage({ onAgain }: { onAgain: () => void }) {
  return (
    <EmptyState level={1} title="This part could not be loaded" action={<Button onClick={onAgain}>Try again</Button>}>
      It comes from the server when it is first opened. Try again when you are online.
    </EmptyState>
  )
}
