// What the Java tests talk to: one JSON object a line in, one a line out, so that they need one Node process and not one each.

import { createInterface } from 'node:readline'
import { AuthorizationHeader, TOKEN_TYPES, TokenChallenge } from '@cloudflare/privacypass-ts'
import { Challenge, Credential, Method, PaymentRequest, Receipt } from 'mppx'
import { Mppx } from 'mppx/client'
import { openShop } from '../shop.js'
import { obtainToken, privateTokenChallenges, verifyToken } from '../tokens/client.js'
import { openIssuer } from '../tokens/issuer.js'
import { payByTokens } from '../tokens/payer.js'
import { keyFromJwk } from '../wallet/keys.js'
import { watchOffers } from '../wallet/offers.js'
import { charge } from '../wallet/method.js'
import { order, payByOrder, payByReceipt } from '../wallet/payer.js'
import { openWallet } from '../wallet/service.js'
import { base64url, challengePayload } from '../wallet/text.js'

/** Node's own: privacypass-ts is lent another one for a while. */
const network = globalThis.fetch

const shops = new Map()
const issuers = new Map()

/** A fetch that keeps what went over the wire. */
function recording() {
  const wire = []
  async function record(input, init) {
    const request = new Request(input, init)
    const sent = { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body: init?.body ?? '' }
    wire.push(sent)
    const answer = await network(input, init)
    sent.status = answer.status
    return answer
  }
  return { wire, fetch: record }
}

function client({ key, service, max = '10000', currency = 'usd.e6', retries = 1 }, fetch) {
  const offers = watchOffers(fetch)
  const options = { key: () => keyFromJwk(key), offers, max, currency, service }
  const methods = [service ? payByReceipt(options) : payByOrder(options)]
  return Mppx.create({ methods, fetch: offers.fetch, polyfill: false, maxPaymentRetries: retries })
}

/** Signs whatever it is asked to, so that only what mppx does by itself stands between a payee and the money. */
const payBlindly = (key) =>
  Method.toClient(charge, {
    async createCredential({ challenge }) {
      const { request } = challenge
      const payload = challengePayload(challenge, PaymentRequest.serialize(request))
      return Credential.serialize({ challenge, payload: await order(await keyFromJwk(key), payload, request.recipient, request) })
    },
  })

async function told(answer) {
  const headers = Object.fromEntries(answer.headers)
  const receipt = answer.headers.has('payment-receipt') ? Receipt.fromResponse(answer) : undefined
  return { status: answer.status, headers, body: await answer.text(), receipt }
}

const commands = {
  /** Asks, and pays as mppx does it. */
  async pay({ url, method = 'GET', headers = {}, body, ...how }) {
    const { wire, fetch } = recording()
    try {
      return { ...(await told(await client(how, fetch).fetch(url, { method, headers, body }))), wire }
    } catch (failure) {
      return { error: failure.message, wire }
    }
  },

  /** Asks, makes the credential, and does not send it. */
  async credential({ url, ...how }) {
    const mppx = client(how, fetch)
    const prepared = await mppx.prepareRequest(url)
    const [challenge] = Challenge.fromResponseList(prepared.response)
    return { credential: await prepared.payment.createCredential(), field: challenge.header ?? 'Authorization' }
  },

  /** One errand of the client suite: by mppx as it is, or with the method that looks before it pays. */
  async visit({ url, method, body, key, careful }) {
    const blind = () => Mppx.create({ methods: [payBlindly(key)], polyfill: false })
    const mppx = careful ? client({ key, max: '20000' }, fetch) : blind()
    try {
      const answer = await mppx.fetch(url, { method, body, signal: AbortSignal.timeout(5000) })
      return { code: answer.ok ? 0 : 3, output: await answer.text(), errors: `HTTP ${answer.status}` }
    } catch (failure) {
      return { code: 1, output: '', errors: String(failure.message) }
    }
  },

  /** Opens a wallet. */
  wallet: async ({ ledger, key }) => openWallet(ledger, await keyFromJwk(key)),

  async shop({ signed }) {
    const shop = await openShop({ signed })
    shops.set(shop.origin, shop)
    return { origin: shop.origin }
  },

  /** How often the application of a shop ran. */
  served: ({ origin }) => ({ served: shops.get(origin).served() }),

  /** Asks an origin for its PrivateToken challenges, and its issuer for a token to each; whoever sells them is paid. */
  async obtainTokens({ url, ...how }) {
    const { wire, fetch } = recording()
    const challenges = privateTokenChallenges(await fetch(url))
    const paying = how.key ? client(how, fetch).fetch : fetch
    const tokens = []
    for (const challenge of challenges) {
      const authorization = await obtainToken(challenge, paying)
      const { token } = AuthorizationHeader.parse(TOKEN_TYPES.BLIND_RSA, authorization)[0]
      const { issuerName, originInfo } = challenge.challenge
      tokens.push({ authorization, token: base64url(token.serialize()), issuerName, originInfo, tokenKey: base64url(challenge.tokenKey) })
    }
    return { tokens, wire }
  },

  /** Pays with tokens by mppx. */
  async payByTokens({ url, tokens }) {
    const { wire, fetch } = recording()
    const offers = watchOffers(fetch)
    const methods = [payByTokens({ offers, choose: async () => tokens.map((token) => Buffer.from(token, 'base64url')) })]
    const mppx = Mppx.create({ methods, fetch: offers.fetch, polyfill: false, maxPaymentRetries: 1 })
    try {
      return { ...(await told(await mppx.fetch(url))), wire }
    } catch (failure) {
      return { error: failure.message, wire }
    }
  },

  /** Opens an issuer of tokens. */
  async issuer(options) {
    const issuer = await openIssuer(options)
    issuers.set(issuer.origin, issuer)
    return { origin: issuer.origin, tokenKey: base64url(issuer.tokenKey) }
  },

  /** How many tokens an issuer gave. */
  issued: ({ origin }) => ({ issued: issuers.get(origin).issued() }),

  /** Whether an origin of privacypass-ts takes a token. */
  async verifyToken({ token, challenge, tokenKey }) {
    const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64url'))
    const { token: parsed } = AuthorizationHeader.parse(TOKEN_TYPES.BLIND_RSA, `PrivateToken token="${token}"`)[0]
    return { good: await verifyToken(parsed, TokenChallenge.deserialize(bytes(challenge)), bytes(tokenKey)) }
  },

  /** Sets this process's clock that many seconds ahead of the machine's. */
  clock({ ahead }) {
    globalThis.Date = class extends RealDate {
      constructor(...parts) {
        if (parts.length > 0) super(...parts)
        else super(RealDate.now() + ahead * 1000)
      }

      static now() {
        return RealDate.now() + ahead * 1000
      }
    }
    return {}
  },
}

const RealDate = Date

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, command, ...options } = JSON.parse(line)
  let answer
  try {
    answer = await commands[command](options)
  } catch (failure) {
    answer = { failed: failure.stack }
  }
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`)
}).on('close', () => process.exit(0))

process.stdout.write(`${JSON.stringify({ ready: true })}\n`)
