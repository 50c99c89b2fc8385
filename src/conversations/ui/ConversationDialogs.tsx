import { lazy, Suspense, useEffect } from 'react'
import { useStore } from '#platform/ui/store.ts'
import { closeDialog, openedDialog, type OpenDialog } from './dialogs.ts'

// Each in a chunk of its own: none is on the first screen.
const loadSwitcher = () => import('./Switcher.tsx')
const Switcher = lazy(() => loadSwitcher().then((module) => ({ default: module.Switcher })))
const CreateChannel = lazy(() => import('./CreateChannel.tsx').then((module) => ({ default: module.CreateChannel })))
const BrowseChannels = lazy(() => import('./BrowseChannels.tsx').then((module) => ({ default: module.BrowseChannels })))
const NewMessage = lazy(() => import('./NewMessage.tsx').then((module) => ({ default: module.NewMessage })))
const InviteDialog = lazy(() => import('./InviteDialog.tsx').then((module) => ({ default: module.InviteDialog })))
const AddPeople = lazy(() => import('./AddPeople.tsx').then((module) => ({ default: module.AddPeople })))
const Rename = lazy(() => import('./RenameDialogs.tsx').then((module) => ({ default: module.Rename })))
const ChangeTopic = lazy(() => import('./RenameDialogs.tsx').then((module) => ({ default: module.ChangeTopic })))
const Confirm = lazy(() => import('./ConfirmDialogs.tsx').then((module) => ({ default: module.Confirm })))

/** Draws whatever `openDialog` opened. Once, beside the shell. */
export function ConversationDialogs() {
  const opened = useStore(openedDialog)
  useEffect(() => {
    // Ctrl K is to answer within a frame, so its code comes as soon as nothing else wants the line.
    const timer = setTimeout(() => void loadSwitcher().catch(() => {}), 2_000)
    return () => clearTimeout(timer)
  }, [])
  return opened && <Suspense>{<Opened opened={opened} />}</Suspense>
}

function Opened({ opened }: { opened: OpenDialog }) {
  switch (opened.kind) {
    case 'switcher':
      return <Switcher query={opened.query} onClose={closeDialog} />
    case 'create-channel':
      return <CreateChannel name={opened.name} onClose={closeDialog} />
    case 'browse-channels':
      return <BrowseChannels onClose={closeDialog} />
    case 'new-message':
      return <NewMessage onClose={closeDialog} />
    case 'invite':
      return <InviteDialog onClose={closeDialog} />
    case 'add-people':
      return <AddPeople conversationId={opened.conversationId} onClose={closeDialog} />
    case 'rename':
      return <Rename conversationId={opened.conversationId} onClose={closeDialog} />
    case 'topic':
      return <ChangeTopic conversationId={opened.conversationId} onClose={closeDialog} />
    case 'leave':
    case 'archive':
    case 'remove-member':
      return <Confirm deed={opened} onClose={closeDialog} />
  }
}
