import { later } from '#platform/ui/later.ts'
import type { MenuEntry } from '#platform/ui/menu.ts'
import type { Conversation } from '../contract.ts'

// What the menus hold, with all its icons and verbs, comes after the first screen.
const ofConversation = later(() => import('./conversation-menu.ts'))
const ofPlace = later(() => import('./place-menu.ts'))

type Entries = Promise<MenuEntry[] | undefined>

export const conversationMenu = async (conversation: Conversation, name: string): Entries =>
  (await ofConversation.load())?.conversationMenu(conversation, name)
export const placeMenu = async (): Entries => (await ofPlace.load())?.placeMenu()
export const channelMenu = async (): Entries => (await ofPlace.load())?.channelMenu()
