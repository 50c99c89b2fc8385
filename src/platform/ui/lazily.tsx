import { useEffect, useState, type ComponentType } from 'react'
import { toast } from './toast.ts'

/**
 * A component whose code comes when it is first shown. Unlike React's `lazy`, a failure is not for ever and takes
 * nothing else down: without a network a word says so, it closes, and the next time tries again. `load` fetches ahead.
 */
export function lazily<P extends { onClose?: () => void }>(load: () => Promise<ComponentType<P>>) {
  let Part: ComponentType<P> | undefined
  let loading: Promise<boolean> | undefined
  const fetchPart = async (): Promise<boolean> => {
    try {
      Part = await load()
      return true
    } catch {
      loading = undefined
      return false
    }
  }
  const ready = () => (loading ??= fetchPart())

  function Lazily(props: P) {
    const [, arrived] = useState(false)
    const { onClose } = props
    useEffect(() => {
      if (Part) return undefined
      let here = true
      const show = async () => {
        const worked = await ready()
        if (!here) return
        if (worked) return arrived(true)
        toast('This part could not be loaded. Try again when you are online.', { danger: true })
        onClose?.()
      }
      void show()
      return () => {
        here = false
      }
    }, [onClose])
    return Part ? <Part {...props} /> : null
  }
  return Object.assign(Lazily, { load: ready })
}
