// The payment method "token" for mppx: pays with blind tokens that were bought before, exactly and anonymously (token.md).

import { Credential, Method, z } from 'mppx'

const TOKEN_BYTES = 354

export const charge = Method.from({
  name: 'token',
  intent: 'charge',
  schema: {
    credential: { payload: z.object({ type: z.literal('tokens'), tokens: z.string() }) },
    request: z.looseObject({
      amount: z.string(),
      currency: z.string(),
      recipient: z.string(),
      methodDetails: z.looseObject({ issuer: z.string(), challenge: z.string(), maxTokens: z.string() }),
    }),
  },
})

/**
 * Pays with tokens.
 *
 * @param options.offers from watchOffers: checks who signed the offer
 * @param options.choose which tokens pay: `async (request) => Uint8Array[]`; each is shown to this payee and never to another
 */
export function payByTokens({ offers, choose }) {
  return Method.toClient(charge, {
    async createCredential({ challenge }) {
      await offers.check(challenge)
      const tokens = await choose(challenge.request)
      const { maxTokens } = challenge.request.methodDetails
      if (tokens.length === 0 || tokens.length > Number(maxTokens) || tokens.some((token) => token.length !== TOKEN_BYTES)) {
        throw new Error(`Not paid: one to ${maxTokens} tokens pay this, and there are ${tokens.length}.`)
      }
      return Credential.serialize({ challenge, payload: { tokens: Buffer.concat(tokens).toString('base64url'), type: 'tokens' } })
    },
  })
}
