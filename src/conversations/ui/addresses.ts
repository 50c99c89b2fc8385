import { navigate } from 'wouter/use-browser-location'

export const conversationPath = (conversationId: string): string => `/c/${conversationId}`
export const activityPath = '/activity'
export const threadsPath = '/threads'

export const goTo = (path: string): void => navigate(path)
export const openConversation = (conversationId: string): void => goTo(conversationPath(conversationId))
