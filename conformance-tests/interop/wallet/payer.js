// The payer's side: mppx asks for a credential, this makes one.

import { Credential, Method } from 'mppx'
import { signDetached } from './keys.js'
import { charge, orderContent } from './method.js'
import { submitPayment } from './service.js'

/**
 * Pays with orders: the payee keeps the wallet, and takes the money when it serves (wallet-order.md).
 *
 * @param options.key the wallet's key at a ledger: `async (origin) => key`
 * @param options.offers from watchOffers
 * @param options.max the most that one request may cost, in base units of `options.currency`
 */
export function payByOrder({ key, offers, max, currency }) {
  return Method.toClient(charge, {
    canHandleChallenge: ({ challenge }) => challenge.request.currency === currency && !challenge.request.methodDetails?.providers,
    async createCredential({ challenge }) {
      const { payload, origin } = await offers.check(challenge)
      withinLimit(challenge.request, max, currency)
      return Credential.serialize({ challenge, payload: await order(await key(origin), payload, origin, challenge.request) })
    },
  })
}

/**
 * Pays with receipt tokens: a wallet service takes the money and vouches for it, so the payee does not learn who paid
 * (receipt-token.md).
 *
 * @param options.service the origin of the wallet service
 */
export function payByReceipt({ key, offers, max, currency, service }) {
  return Method.toClient(charge, {
    canHandleChallenge: ({ challenge }) => challenge.request.currency === currency && takes(challenge.request, service),
    async createCredential({ challenge }) {
      const { payload, jws } = await offers.check(challenge)
      withinLimit(challenge.request, max, currency)
      const wallet = await key(service)
      const signed = await order(wallet, payload, service, challenge.request)
      const { receipt } = await submitPayment(service, wallet, { challenge: payload, jws, order: signed })
      return Credential.serialize({ challenge, payload: { receipt, type: 'receipt' } })
    },
  })
}

export async function order(key, payload, ledger, { amount }) {
  const content = orderContent(payload, ledger, amount, key.wallet)
  return { jws: await signDetached(key, 'payment-order+jws', content), type: 'order', wallet: key.wallet }
}

/** mppx pays whatever is asked. The limit is this method's business. */
function withinLimit(request, max, currency) {
  if (typeof request.amount !== 'string' || !/^(0|[1-9][0-9]{0,17})$/.test(request.amount) || BigInt(request.amount) > BigInt(max)) {
    throw new Error(`Not paid: ${request.amount} ${currency} is asked, and the limit is ${max}.`)
  }
}

const takes = (request, service) => (request.methodDetails?.providers ?? '').split(' ').includes(service)
