import { useState } from 'react'
import { explain } from '#platform/ui/api.ts'

/** What a dialog's button does: one at a time, with the failure in words while it stays open. */
export function useDoing(): {
  doing: boolean
  failure: string | undefined
  /** Resolves with whether it worked. */
  attempt: (work: () => Promise<void>) => Promise<boolean>
} {
  const [doing, setDoing] = useState(false)
  const [failure, setFailure] = useState<string>()
  const attempt = async (work: () => Promise<void>) => {
    if (doing) return false
    setDoing(true)
    setFailure(undefined)
    try {
      await work()
      return true
    } catch (error) {
      setFailure(explain(error))
      return false
    } finally {
      setDoing(false)
    }
  }
  return { doing, failure, attempt }
}
