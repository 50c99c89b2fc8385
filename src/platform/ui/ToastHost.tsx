import Check from 'lucide-react/icons/check'
import CircleAlert from 'lucide-react/icons/circle-alert'
import X from 'lucide-react/icons/x'
import { useEffect, useState } from 'react'
import { LinkButton } from './Button.tsx'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { useStore } from './store.ts'
import { dismissToast, toasts, type Toast } from './toast.ts'
import './Toast.css'

/** Once, in the shell. The region exists before the first toast, or screen readers would miss that one. */
export function ToastHost() {
  const list = useStore(toasts)
  return (
    <div className="toasts" aria-live="polite">
      {list.map((each) => (
        <OneToast key={each.id} toast={each} />
      ))}
    </div>
  )
}

function OneToast({ toast }: { toast: Toast }) {
  const [held, hold] = useState(false)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => dismissToast(toast.id), 6000)
    return () => clearTimeout(timer)
  }, [held, toast.id])
  return (
    <div
      className={toast.danger ? 'toast is-danger' : 'toast'}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <Icon of={toast.danger ? CircleAlert : Check} />
      <span>{toast.text}</span>
      {toast.action && (
        <LinkButton
          onClick={() => {
            toast.action?.run()
            dismissToast(toast.id)
          }}
        >
          {toast.action.label}
        </LinkButton>
      )}
      <IconButton label="Dismiss" icon={X} tooltip={false} onClick={() => dismissToast(toast.id)} />
    </div>
  )
}
