import type { FastifyInstance } from 'fastify'
import { requireReader } from '#members/access.ts'
import { refuse } from '#platform/contract/problem.ts'
import { pace } from '#platform/http/pace.ts'
import { replied, serve } from '#platform/http/serve.ts'
import type { ChangeDeps } from './change.ts'
import * as contract from './contract.ts'
import { edit } from './edit.ts'
import { listFor } from './list.ts'
import { listMentions } from './mentions.ts'
import type { Post } from './post.ts'
import { messageProblems } from './problems.ts'
import { addReaction, removeReaction } from './react.ts'
import { remove } from './remove.ts'
import { findMessage, toMessage } from './store.ts'
import { followThread, listThreads, readThread } from './threads.ts'

export interface MessageDeps extends ChangeDeps {
  post: Post
  sendsPerMinute: number
}

export function serveMessages(app: FastifyInstance, deps: MessageDeps): void {
  const { db, post } = deps
  const withinPace = pace(deps.sendsPerMinute)

  // No door here: membership is judged by the statement that keeps the message, under the conversation's lock.
  serve(app, contract.postMessage, async ({ params, body, caller }) => {
    withinPace(caller.accountId)
    const { message, created } = await post.post({
      ...body,
      conversationId: params.conversationId,
      accountId: caller.accountId,
    })
    if (created) return message
    // A repeat is recognised for ever, but shown only to whoever may still see what has become of the message.
    await requireReader(db, caller, params.conversationId)
    return replied(200, message)
  })
  serve(app, contract.listMessages, async ({ params, query, caller }) =>
    listFor(db, caller, params.conversationId, query),
  )
  serve(app, contract.getMessage, async ({ params, caller }) => {
    const { conversationId } = await requireReader(db, caller, params.conversationId)
    const message = await findMessage(db, conversationId, params.messageId)
    if (!message) throw refuse(messageProblems['message-not-found'])
    return toMessage(message)
  })
  serve(app, contract.editMessage, async ({ params, body, caller }) => {
    withinPace(caller.accountId)
    return edit(deps, caller, params, body.body)
  })
  serve(app, contract.deleteMessage, async ({ params, caller }) => remove(deps, caller, params))
  serve(app, contract.addReaction, async ({ params, caller }) => addReaction(deps, caller, params, params.emoji))
  serve(app, contract.removeReaction, async ({ params, caller }) => removeReaction(deps, caller, params, params.emoji))
  serve(app, contract.listReplies, async ({ params, query, caller }) =>
    readThread(db, caller, params.conversationId, params.messageId, query),
  )
  serve(app, contract.followThread, async ({ params, body, caller }) => {
    await followThread(db, caller, params.conversationId, params.messageId, body.following)
    return undefined
  })
  serve(app, contract.listThreads, async ({ query, caller }) => listThreads(db.query, caller, query))
  serve(app, contract.listMentions, async ({ query, caller }) => listMentions(db.query, caller, query))
}
