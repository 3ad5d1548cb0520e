// mppx hands a method the parsed challenge and nothing else. To check who made an offer, and for which request, the
// signature and the request are needed too; so the fetch that mppx uses is watched.

import { createHash } from 'node:crypto'
import { PaymentRequest } from 'mppx'
import { publishedKeys, verifyDetached } from './keys.js'
import { challengePayload, requestBinding } from './text.js'

const MOST_REMEMBERED = 100
const LONGEST_MS = 10 * 60 * 1000

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
    const { origin, protocol, hostname } = new URL(offer.url)
    const loopback = /^(127(\.\d+){3}|\[::1\])$/.test(hostname)
    if (protocol !== 'https:' && !loopback) throw new Error('Not paid: anybody could listen in on plain http.')
    if (![undefined, 'Payment-Authorization'].includes(challenge.header)) throw new Error('Not paid: no field for credentials.')
    if (!endsSoon(challenge.expires)) throw new Error('Not paid: the offer has no end, or one that is too far.')
    const document = await publishedKeys(origin, 'challenge', fetch)
    const payload = challengePayload(challenge, PaymentRequest.serialize(challenge.request))
    await verifyDetached(offer.jws, 'payment-challenge+jws', payload, document.keys)
    if (!document.realms.includes(challenge.realm)) throw new Error('Not paid: the offer is for another realm.')
    if (challenge.request.recipient !== origin) throw new Error('Not paid: the offer has another payee.')
    const opaque = PaymentRequest.deserialize(challenge.opaque ?? 'e30')
    if (opaque.rb !== requestBinding(offer.method, offer.url)) throw new Error('Not paid: the offer is for another request.')
    if (withoutColons(challenge.digest) !== digestOf(offer.body)) throw new Error('Not paid: the offer is for another body.')
    return { jws: offer.jws, payload, origin }
  }

  return { fetch: watched, check }
}

/** A date that there is, within the next ten minutes (client.md). */
function endsSoon(expires) {
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(expires ?? '') ?? []
  const there = day && new Date(`${day}T${hour}Z`).toISOString().startsWith(`${day}T${hour}`)
  const left = new Date(expires) - Date.now()
  return there && left > 0 && left <= LONGEST_MS
}

function digestOf(body) {
  if (body === undefined || body === null || body === '') return undefined
  return `sha-256=${createHash('sha256').update(body).digest('base64')}`
}

/** RFC 9530 puts colons around the base64, mppx does not. */
const withoutColons = (digest) => digest?.replace(/^sha-256=:(.*):$/, 'sha-256=$1')

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
