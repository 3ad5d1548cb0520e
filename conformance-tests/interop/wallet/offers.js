// mppx hands a method the parsed challenge and nothing else. To check who made an offer, and for which request, the
// signature and the request are needed too; so the fetch that mppx uses is watched.

import { createHash } from 'node:crypto'
import { PaymentRequest } from 'mppx'
import { publishedKeys, verifyDetached } from './keys.js'
import { challengePayload, requestBinding } from './text.js'

const MOST_REMEMBERED = 100

export function watchOffers(fetch = globalThis.fetch) {
  const offers = new Map()

  async function watched(input, init) {
    const request = input instanceof Request ? input : undefined
    const answer = await fetch(input, init)
    if (answer.status === 402) {
      const method = init?.method ?? request?.method ?? 'GET'
      remember(answer, method.toUpperCase(), answer.url || String(request?.url ?? input), init?.body)
    }
    return answer
  }

  function remember(answer, method, url, body) {
    for (const parameters of paymentChallenges(answer.headers.get('www-authenticate') ?? '')) {
      offers.set(parameters.id, { jws: parameters.jws, method, url, body })
    }
    while (offers.size > MOST_REMEMBERED) offers.delete(offers.keys().next().value)
  }

  /** Throws unless the payee itself made this offer, for this very request (signatures.md, F-SG-30 to F-SG-36). */
  async function check(challenge) {
    const offer = offers.get(challenge.id)
    if (!offer?.jws) throw new Error('Not paid: nobody signed this offer.')
    const origin = new URL(offer.url).origin
    const document = await publishedKeys(origin, 'challenge', fetch)
    const payload = challengePayload(challenge, PaymentRequest.serialize(challenge.request))
    await verifyDetached(offer.jws, 'payment-challenge+jws', payload, document.keys)
    if (!document.realms.includes(challenge.realm)) throw new Error('Not paid: the offer is for another realm.')
    if (challenge.request.recipient !== origin) throw new Error('Not paid: the offer has another payee.')
    const opaque = PaymentRequest.deserialize(challenge.opaque ?? 'e30')
    if (opaque.rb !== requestBinding(offer.method, offer.url)) throw new Error('Not paid: the offer is for another request.')
    if (challenge.digest !== digestOf(offer.body)) throw new Error('Not paid: the offer is for another body.')
    return { jws: offer.jws, payload, origin }
  }

  return { fetch: watched, check }
}

function digestOf(body) {
  if (body === undefined || body === null || body === '') return undefined
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** The parameters of every Payment challenge in a field; quoted texts may hold commas and the word Payment. */
function paymentChallenges(field) {
  const found = []
  const token = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g
  for (const [, name, quoted, plain] of field.matchAll(token)) {
    if (quoted === undefined && plain === undefined) found.push({ scheme: name.toLowerCase() })
    else if (found.length > 0) found.at(-1)[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain
  }
  return found.filter((challenge) => challenge.scheme === 'payment')
}
