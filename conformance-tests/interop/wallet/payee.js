// The payee's side: mppx makes challenges and checks that they come back unchanged. This checks orders, takes the money, and
// signs: offers, so that a payer knows who makes them, and receipts.

import { randomBytes } from 'node:crypto'
import { Challenge, Credential, Errors, Method, PaymentRequest } from 'mppx'
import { signDetached, verifyDetached } from './keys.js'
import { charge, orderContent } from './method.js'
import { base64url, challengePayload, requestBinding, timestamp } from './text.js'

/** Takes orders of wallets at this ledger. `origin` is the payee's: what orders name as their ledger. */
export function takeOrders({ origin, ledger, key }) {
  return Method.toServer(charge, {
    // What comes with a credential is judged without touching the books, then the books are changed in one step.
    async validate({ credential, request }) {
      await checkOrder(credential, origin, ledger)
      const { challenge } = credential
      return { challenge, credential, details: {}, intent: 'charge', method: 'wallet', request }
    },
    async broadcast({ credential }) {
      const { challenge, payload } = credential
      const reference = ledger.take(payload.wallet, challenge)
      const { amount, currency, recipient } = challenge.request
      const { rb } = challenge.opaque ? PaymentRequest.deserialize(challenge.opaque) : {}
      const receipt = {
        amount,
        challengeId: challenge.id,
        currency,
        intent: 'charge',
        method: 'wallet',
        ...(rb && { rb }),
        recipient,
        reference,
        status: 'success',
        timestamp: timestamp(),
      }
      return { ...receipt, jws: await signDetached(key, 'payment-receipt+jws', receipt) }
    },
  })
}

async function checkOrder({ challenge, payload }, origin, ledger) {
  if (payload.type !== 'order') throw new Errors.InvalidPayloadError({ reason: 'this payee takes orders only' })
  const terms = challengePayload(challenge, PaymentRequest.serialize(challenge.request))
  const content = orderContent(terms, origin, challenge.request.amount, payload.wallet)
  try {
    await verifyDetached(payload.jws, 'payment-order+jws', content, ledger.keysOf(payload.wallet))
  } catch {
    // One answer for an unknown wallet, a foreign key and a bad signature, or wallets could be guessed.
    throw new Errors.VerificationFailedError({ reason: 'no such wallet, or not signed by its owner' })
  }
}

/** What ties an offer to one request (binding.md, F-BI-20 to F-BI-28); a credential brings the same text back. */
export function bindTo(request) {
  const header = ['payment-authorization', 'authorization'].find((name) => request.headers.has(name))
  let n
  try {
    n = PaymentRequest.deserialize(Credential.fromRequest(request, { header }).challenge.opaque).n
  } catch {
    // No credential, or none that can be read: a new offer.
  }
  return { n: n ?? base64url(randomBytes(16)), rb: requestBinding(request.method, request.url) }
}

/** The same 402 with the payee's signature on each of its challenges. */
export async function signOffers(response, key) {
  const challenges = Challenge.fromResponseList(response)
  const signed = challenges.map(async (challenge) => {
    const payload = challengePayload(challenge, PaymentRequest.serialize(challenge.request))
    return `${Challenge.serialize(challenge)}, jws="${await signDetached(key, 'payment-challenge+jws', payload)}"`
  })
  const headers = new Headers(response.headers)
  headers.set('www-authenticate', (await Promise.all(signed)).join(', '))
  return new Response(response.body, { status: response.status, headers })
}

/** The document where payers find the key (keys.md). */
export const keyDocument = (origin, key) => ({
  keys: [{ ...key.publicJwk, alg: 'EdDSA', kid: key.kid, roles: ['challenge', 'receipt', 'release'], use: 'sig' }],
  origins: [origin],
  payee: origin,
  realms: [new URL(origin).host],
  signed: 'always',
})
