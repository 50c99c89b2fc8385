import { lazily } from '#platform/ui/lazily.tsx'
import { useStore } from '#platform/ui/store.ts'
import { closeDialog, openedDialog, type OpenDialog } from './dialogs.ts'

// Each in a chunk of its own: none is on the first screen.
const Switcher = lazily(() => import('./Switcher.tsx').then((module) => module.Switcher))
const CreateChannel = lazily(() => import('./CreateChannel.tsx').then((module) => module.CreateChannel))
const BrowseChannels = lazily(() => import('./BrowseChannels.tsx').then((module) => module.BrowseChannels))
const NewMessage = lazily(() => import('./NewMessage.tsx').then((module) => module.NewMessage))
const InviteDialog = lazily(() => import('./InviteDialog.tsx').then((module) => module.InviteDialog))
const AddPeople = lazily(() => import('./AddPeople.tsx').then((module) => module.AddPeople))
const Rename = lazily(() => import('./RenameDialogs.tsx').then((module) => module.Rename))
const ChangeTopic = lazily(() => import('./RenameDialogs.tsx').then((module) => module.ChangeTopic))
const Confirm = lazily(() => import('./ConfirmDialogs.tsx').then((module) => module.Confirm))

/** Draws whatever `openDialog` opened. Once, beside the shell. */
export function ConversationDialogs() {
  const opened = useStore(openedDialog)
  return opened && <Opened opened={opened} />
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
